"""The message of a delivery, complete with its chart. Only workers import this (it draws).

It is written in the language that is active and at the moment of sending, so it says what is true then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications import pictures, texts
from notifications.channels.types import Message
from notifications.conditions import Condition
from notifications.excerpts import key_metrics
from notifications.models import Delivery, Rule
from notifications.pictures import Picture
from notifications.words import rule_in_words
from tracking import events
from tracking.models import Event, Run


def build(delivery: Delivery, *, with_chart: bool) -> Message:
    """Reads the database and draws; call it outside a transaction. A chart that fails costs the picture only."""
    event, rule = delivery.event, delivery.rule
    if event is not None and event.run is not None:
        message = replace(texts.about(event, event.run), in_reply_to=_thread(delivery, event.run))
        picture = _picture_of_event(event, event.run) if with_chart else None
    elif rule is not None:
        run = _latest_run(rule)
        message = _test_of_rule(rule, run)
        picture = _picture_of_run(run, rule.metric, rule.threshold) if with_chart and run else None
    else:
        message = _test_of_channel(delivery)
        picture = pictures.example() if with_chart else None
    return _frame(_with(message, picture), delivery)


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


def _picture_of_event(event: Event, run: Run) -> Picture | None:
    if event.kind != events.METRIC_CROSSED:
        return _picture_of_run(run)
    payload = event.payload
    condition = Condition(payload["metric"], payload["comparison"], float(payload["threshold"]))
    return pictures.of_crossing(run, condition, step=float(payload["step"]), value=float(payload["value"]))


def _picture_of_run(run: Run, metric: str = "", threshold: float | None = None) -> Picture | None:
    """The given metric, else the one people look at first; None for a run that has logged no numbers."""
    metrics = key_metrics(run)
    if not metric and not metrics:
        return None
    return pictures.of_metric(run, metric or metrics[0][0], threshold)


def _with(message: Message, picture: Picture | None) -> Message:
    if picture is None:
        return message
    notes = (*message.notes, picture.problem) if picture.problem else message.notes
    return replace(message, chart=picture.png, chart_alt=picture.alt, notes=notes)


def _frame(message: Message, delivery: Delivery) -> Message:
    """What every message has: its reference, and why it came."""
    created = delivery.created_at.strftime("%Y%m%d%H%M%S")  # tells two installations under one name apart
    message = replace(message, reference=f"{delivery.pk}-{created}")
    rule = delivery.rule
    if rule is None:
        return message
    footer = _("Sent by the rule “%(rule)s” to %(channel)s") % {"rule": rule, "channel": delivery.channel}
    return replace(message, footer=footer, footer_link=texts.address("rule", rule.project, pk=rule.pk))


def _thread(delivery: Delivery, run: Run) -> str:
    """What this channel calls its first message about the run; the next ones are replies to it."""
    before = Delivery.objects.filter(
        channel=delivery.channel_id, event__run=run, state=Delivery.State.SENT, is_test=False
    ).exclude(external_id="")
    return before.order_by("sent_at").values_list("external_id", flat=True).first() or ""


def _latest_run(rule: Rule) -> Run | None:
    return Run.objects.filter(project=rule.project).select_related("project__team", "user").order_by("-number").first()


def _test_of_rule(rule: Rule, run: Run | None) -> Message:
    """What the rule knows of the project's latest run, as if it fired for it now."""
    text = _("Messages of this rule arrive here. It fires when: %(trigger)s.") % {"trigger": rule_in_words(rule)}
    if run is not None:
        text += " " + _("As an example, this is the latest run, %(run)s.") % {"run": run.display_name}
    return Message(
        level="info",
        title=_("Test of the rule “%(rule)s”") % {"rule": rule},
        text=text,
        fields=texts.facts(run) if run else (),
        link=texts.address_of_run(run) if run else texts.address("rule", rule.project, pk=rule.pk),
        link_text=_("Open the run") if run else _("Open the rule"),
    )


def _test_of_channel(delivery: Delivery) -> Message:
    channel, team = delivery.channel, delivery.channel.team
    return Message(
        level="info",
        title=_("Debrief can write here"),
        text=_("This is a test of the channel “%(channel)s” of %(team)s. Rules can send to it now.")
        % {"channel": channel, "team": team},
        link=settings.SITE_URL + reverse("channel", kwargs={"team": team.name, "pk": channel.pk}),
        link_text=_("Open the channel"),
    )
