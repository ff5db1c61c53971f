"""What an event means to a reader: titles, sentences and facts of a message, in the language that is active."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.channels.types import Message
from notifications.excerpts import key_metrics, last_console_lines
from notifications.models import Delivery, Rule
from notifications.words import duration, rounded
from tracking import events
from tracking.models import Event, Project, Run


def title_of(delivery: Delivery) -> str:
    """What a delivery is about, in a line."""
    event = delivery.event
    if event is not None and event.run is not None:
        return title(event, event.run)
    return _("Test of the rule") if delivery.rule is not None else _("Test of the channel")


def title(event: Event, run: Run) -> str:
    """ "calm-otter-12 failed", "calm-otter-12: val/loss is 0.52"."""
    if event.kind == events.METRIC_CROSSED:
        value = rounded(float(event.payload["value"]))
        fact = {"run": run.display_name, "metric": event.payload["metric"], "value": value}
        return _("%(run)s: %(metric)s is %(value)s") % fact
    titles = {
        events.RUN_FINISHED: _("%(run)s finished"),
        events.RUN_FAILED: _("%(run)s failed"),
        events.RUN_CRASHED: _("%(run)s crashed"),
        events.RUN_KILLED: _("%(run)s was stopped"),
    }
    return titles.get(event.kind, "%(run)s") % {"run": run.display_name}


def about(event: Event, run: Run) -> Message:
    """The message about an event, still without its picture and its frame."""
    return WRITERS[event.kind](event, run)


def facts(run: Run) -> tuple[tuple[str, str], ...]:
    """Where the run belongs and what it has reached, as (name, value); what is unknown is left out."""
    told = (
        (_("Project"), str(run.project)),
        (_("Group"), run.group),
        (_("User"), str(run.user or "")),
        (_("Host"), run.host),
        (_("Duration"), _duration(run)),
    )
    metrics = ((name, rounded(value)) for name, value in key_metrics(run))
    return (*((name, value) for name, value in told if value), *metrics)


def address(view: str, project: Project, **kwargs: Any) -> str:
    """The full URL of a page of the project."""
    return settings.SITE_URL + reverse(view, kwargs={"team": project.team.name, "project": project.name, **kwargs})


def address_of_run(run: Run) -> str:
    return address("run", run.project, run=run.name)


def _finished(event: Event, run: Run) -> Message:
    return Message(
        level="good",
        title=title(event, run),
        text=_("The script ended without an error."),
        fields=facts(run),
        link=address_of_run(run),
        link_text=_("Open the run"),
    )


def _failed(event: Event, run: Run) -> Message:
    log = last_console_lines(run)
    exit_code = event.payload.get("exit_code")
    code = ((_("Exit code"), str(exit_code)),) if exit_code is not None else ()
    return Message(
        level="error",
        title=title(event, run),
        text=_("The script ended with an error. These are its last lines.")
        if log
        else _("The script ended with an error."),
        fields=(*code, *facts(run)),
        log=log,
        link=address_of_run(run),
        link_text=_("Open the run"),
    )


def _crashed(event: Event, run: Run) -> Message:
    return Message(
        level="error",
        title=title(event, run),
        text=_("Its heartbeats stopped: the process was killed, or the machine stopped or lost the network."),
        fields=facts(run),
        log=last_console_lines(run),
        link=address_of_run(run),
        link_text=_("Open the run"),
    )


def _killed(event: Event, run: Run) -> Message:
    return Message(
        level="warning",
        title=title(event, run),
        text=_("It was asked to stop, and did."),
        fields=facts(run),
        link=address_of_run(run),
        link_text=_("Open the run"),
    )


def _crossed(event: Event, run: Run) -> Message:
    payload = event.payload
    fact = {
        "metric": payload["metric"],
        "value": rounded(float(payload["value"])),
        "step": rounded(float(payload["step"])),
        "comparison": Rule.Comparison(payload["comparison"]).label,
        "threshold": rounded(float(payload["threshold"])),
    }
    text = _("At step %(step)s, %(metric)s became %(value)s, %(comparison)s %(threshold)s.") % fact
    if payload.get("crossings", 1) > 1:
        count = {"count": payload["crossings"]}
        text += " " + _("It did so %(count)s times in the lines that came together; this is the first.") % count
    return Message(
        level="warning",
        title=title(event, run),
        text=text,
        fields=facts(run),
        link=address_of_run(run),
        link_text=_("Open the run"),
    )


WRITERS: Mapping[str, Callable[[Event, Run], Message]] = {
    events.RUN_FINISHED: _finished,
    events.RUN_FAILED: _failed,
    events.RUN_CRASHED: _crashed,
    events.RUN_KILLED: _killed,
    events.METRIC_CROSSED: _crossed,
}


def _duration(run: Run) -> str:
    return duration((run.ended_at - run.created_at).total_seconds()) if run.ended_at else ""
