"""From an event to delivery rows (settings.EVENT_SUBSCRIBERS)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.models import Channel, Delivery, Rule
from notifications.recipients import language_of
from tracking import events
from tracking.models import Event
from tracking.wakeup import wake_after_commit

STATE_OF_EVENT = {
    events.RUN_FINISHED: "finished",
    events.RUN_FAILED: "failed",
    events.RUN_CRASHED: "crashed",
    events.RUN_KILLED: "killed",
}


def on_event(event: Event) -> None:
    """One Delivery a (rule, event, channel) for every enabled rule of the project that the event fires.

    Runs in the transaction that marks the event dispatched and may run again for the same event: the rows are unique.
    """
    rows = [_delivery(event, rule, channel) for rule in _fired_by(event) for channel in rule.channels.all()]
    if rows:
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        wake_after_commit("notifications.tasks.deliver_due")


def _fired_by(event: Event) -> list[Rule]:
    rules = Rule.objects.filter(project_id=event.project_id, is_enabled=True).prefetch_related("channels")
    rules = rules.select_related("created_by").order_by("pk")
    if event.kind == events.METRIC_CROSSED:
        return list(rules.filter(pk=event.payload["rule"], trigger=Rule.Trigger.METRIC))
    state = STATE_OF_EVENT.get(event.kind)
    if state is None:
        return []
    return [rule for rule in rules.filter(trigger=Rule.Trigger.RUN_STATE) if state in rule.states]


def _delivery(event: Event, rule: Rule, channel: Channel) -> Delivery:
    delivery = Delivery(channel=channel, project=event.project, rule=rule, event=event, next_attempt_at=timezone.now())
    if channel.paused_at is not None:
        delivery.state = Delivery.State.SKIPPED
        with override(language_of(rule)):
            delivery.reason = _("The channel is paused: %(why)s") % {"why": channel.paused_because}
    return delivery
