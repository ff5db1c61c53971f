"""What a delivery says: from its event and rule to a `Message`, in the language that is active."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications import pictures
from notifications.channels.types import Level, Message
from notifications.conditions import Condition
from notifications.excerpts import key_metrics, last_console_lines
from notifications.models import Delivery, Rule
from notifications.words import duration, rounded, rule_in_words
from tracking import events
from tracking.models import Event, Project, Run


def build(delivery: Delivery, *, with_chart: bool) -> Message:
    """The message of a delivery. It reads the database and draws; call it outside a transaction."""
    event = delivery.event
    if event is not None and event.run is not None:
        message = _with_frame(of_event(event, event.run, with_chart=with_chart), delivery)
        return replace(message, in_reply_to=_thread(delivery, event.run))
    if delivery.rule is not None:
        return _with_frame(_of_rule_test(delivery.rule, with_chart=with_chart), delivery)
    return _with_frame(_of_channel_test(delivery, with_chart=with_chart), delivery)


def of_event(event: Event, run: Run, *, with_chart: bool) -> Message:
    message = WRITERS[event.kind](event, run)
    return _with_chart(message, event, run) if with_chart else message


def to_json(message: Message) -> dict[str, Any]:
    """What a delivery keeps of the message it sent; the picture is kept as a file."""
    return {
        "level": message.level,
        "title": message.title,
        "text": message.text,
        "fields": [list(pair) for pair in message.fields],
        "log": list(message.log),
        "chart_alt": message.chart_alt if message.chart else "",
        "notes": list(message.notes),
        "link": message.link,
        "link_text": message.link_text,
        "footer": message.footer,
    }


# -- what happened ----------------------------------------------------------------------------------------------------


def _finished(event: Event, run: Run) -> Message:
    return _about_run(run, "good", _("%(run)s finished"), _("The run ended without an error%(after)s."))


def _failed(event: Event, run: Run) -> Message:
    message = _about_run(run, "error", _("%(run)s failed"), _("The script ended with an error%(after)s."))
    exit_code = event.payload.get("exit_code")
    code = ((_("Exit code"), str(exit_code)),) if exit_code is not None else ()
    return replace(message, fields=code + message.fields, log=last_console_lines(run))


def _crashed(event: Event, run: Run) -> Message:
    text = _(
        "Nothing was heard of it any more%(after)s: the process was killed, the machine stopped or lost the network."
    )
    return replace(_about_run(run, "error", _("%(run)s crashed"), text), log=last_console_lines(run))


def _killed(event: Event, run: Run) -> Message:
    return _about_run(run, "warning", _("%(run)s was stopped"), _("Somebody stopped the run%(after)s."))


def _crossed(event: Event, run: Run) -> Message:
    payload = event.payload
    fact = {
        "run": run.display_name,
        "metric": payload["metric"],
        "value": rounded(float(payload["value"])),
        "comparison": Rule.Comparison(payload["comparison"]).label,
        "threshold": rounded(float(payload["threshold"])),
        "step": rounded(float(payload["step"])),
    }
    title = _("%(run)s: %(metric)s is %(value)s") % fact
    text = _("%(metric)s became %(value)s at step %(step)s, %(comparison)s the line at %(threshold)s.") % fact
    return _about_run(run, "warning", title, text)


WRITERS: Mapping[str, Callable[[Event, Run], Message]] = {
    events.RUN_FINISHED: _finished,
    events.RUN_FAILED: _failed,
    events.RUN_CRASHED: _crashed,
    events.RUN_KILLED: _killed,
    events.METRIC_CROSSED: _crossed,
}


def _about_run(run: Run, level: Level, title: str, text: str) -> Message:
    """`%(run)s` in the title and `%(after)s` in the text are filled in where they stand."""
    seconds = (run.ended_at - run.created_at).total_seconds() if run.ended_at else None
    after = _(" after %(time)s") % {"time": duration(seconds)} if seconds is not None else ""
    metrics = tuple((name, rounded(value)) for name, value in key_metrics(run))
    return Message(
        reference="",
        level=level,
        title=title.replace("%(run)s", run.display_name),
        text=text.replace("%(after)s", after),
        fields=(*_origin(run), *metrics),
        link=_address("run", run.project, run=run.name),
        link_text=_("Open the run"),
    )


def _origin(run: Run) -> tuple[tuple[str, str], ...]:
    told = (
        (_("Project"), str(run.project)),
        (_("Group"), run.group),
        (_("User"), str(run.user or "")),
        (_("Host"), run.host),
    )
    return tuple((name, value) for name, value in told if value)


# -- around it --------------------------------------------------------------------------------------------------------


def _with_chart(message: Message, event: Event, run: Run) -> Message:
    """The chart of the rule's metric with its line and the point, else of the run's first key metric, if any.

    A chart that cannot be drawn costs the picture and a note, not the message.
    """
    if event.kind == events.METRIC_CROSSED:
        payload = event.payload
        condition = Condition(payload["metric"], payload["comparison"], float(payload["threshold"]))
        picture = pictures.of_crossing(run, condition, step=float(payload["step"]), value=float(payload["value"]))
    else:
        metrics = key_metrics(run)
        if not metrics:
            return message
        picture = pictures.of_metric(run, metrics[0][0])
    note = (picture.problem,) if picture.problem else ()
    return replace(message, chart=picture.png, chart_alt=picture.alt, notes=message.notes + note)


def _with_frame(message: Message, delivery: Delivery) -> Message:
    """What every message has: its reference, and why it came."""
    rule = delivery.rule
    created = delivery.created_at.strftime("%Y%m%d%H%M%S")
    footer = footer_link = ""
    if rule is not None:
        footer = _("Sent by the rule “%(rule)s” to %(channel)s") % {"rule": rule, "channel": delivery.channel}
        footer_link = _address("rule", rule.project, pk=rule.pk)
    return replace(message, reference=f"{delivery.pk}-{created}", footer=footer, footer_link=footer_link)


def _thread(delivery: Delivery, run: Run) -> str:
    """What this channel calls its first message about the run; the next ones are replies to it."""
    before = Delivery.objects.filter(
        channel=delivery.channel_id, event__run=run, state=Delivery.State.SENT, is_test=False
    ).exclude(external_id="")
    return before.order_by("sent_at").values_list("external_id", flat=True).first() or ""


def _address(view: str, project: Project, **kwargs: Any) -> str:
    return settings.SITE_URL + reverse(view, kwargs={"team": project.team.name, "project": project.name, **kwargs})


# -- tests ------------------------------------------------------------------------------------------------------------


def _of_rule_test(rule: Rule, *, with_chart: bool) -> Message:
    """What the rule would say about the project's latest run, if it fired for it now."""
    run = Run.objects.filter(project=rule.project).select_related("project__team", "user").order_by("-number").first()
    title = _("Test of the rule “%(rule)s”") % {"rule": rule}
    text = _("Messages of this rule will arrive here. It fires when this happens: %(trigger)s.") % {
        "trigger": rule_in_words(rule)
    }
    if run is None:
        link = _address("rule", rule.project, pk=rule.pk)
        return Message(reference="", level="info", title=title, text=text, link=link, link_text=_("Open the rule"))
    example = _("Below is what it knows of the latest run, %(run)s.") % {"run": run.display_name}
    message = replace(_about_run(run, "info", title, ""), text=f"{text} {example}")
    metrics = key_metrics(run)
    if not with_chart or not (rule.metric or metrics):
        return message
    picture = pictures.of_metric(run, rule.metric or metrics[0][0], threshold=rule.threshold)
    note = (picture.problem,) if picture.problem else ()
    return replace(message, chart=picture.png, chart_alt=picture.alt, notes=note)


def _of_channel_test(delivery: Delivery, *, with_chart: bool) -> Message:
    """Proves that text, and pictures where the kind can show them, arrive."""
    team = delivery.channel.team
    message = Message(
        reference="",
        level="info",
        title=_("Debrief can write here"),
        text=_("This is a test of the channel “%(channel)s” of %(team)s. Rules may send to it now.")
        % {"channel": delivery.channel, "team": team},
        link=settings.SITE_URL + reverse("channel", kwargs={"team": team.name, "pk": delivery.channel_id}),
        link_text=_("Open the channel"),
    )
    if not with_chart:
        return message
    picture = pictures.example()
    return replace(
        message, chart=picture.png, chart_alt=picture.alt, notes=(picture.problem,) if picture.problem else ()
    )
