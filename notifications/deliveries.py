"""Verbs about deliveries that people ask for: send a test, try again. Sending itself is the outbox's work."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.models import Channel, Delivery, Rule
from tracking.wakeup import wake_after_commit

ENDED = (Delivery.State.FAILED, Delivery.State.SKIPPED)


@transaction.atomic
def queue_channel_test(*, channel: Channel) -> Delivery:
    """A message that proves the channel; tried once, also on a paused channel."""
    return _queue_tests([Delivery(channel=channel)])[0]


@transaction.atomic
def queue_rule_test(*, rule: Rule) -> list[Delivery]:
    """What the rule would say about the project's latest run, once to each of its channels.

    Raises ValidationError when it has none.
    """
    channels = list(rule.channels.order_by("name"))
    if not channels:
        raise ValidationError({"channels": _("This rule has no channel yet: choose one and save it first.")})
    return _queue_tests([Delivery(channel=channel, rule=rule, project=rule.project) for channel in channels])


@transaction.atomic
def try_again(*, delivery: Delivery) -> None:
    """Queue a delivery that failed or was not sent, with all its tries before it. Raises ValidationError."""
    if delivery.channel.paused_at is not None and not delivery.is_test:
        raise ValidationError(_("The channel is paused: resume it first."))
    ended = Delivery.objects.filter(pk=delivery.pk, state__in=ENDED)
    if ended.update(state=Delivery.State.WAITING, reason="", failures=0, next_attempt_at=timezone.now()):
        wake_after_commit("notifications.tasks.deliver_due")


def _queue_tests(deliveries: Sequence[Delivery]) -> list[Delivery]:
    for delivery in deliveries:
        delivery.is_test = True
        delivery.next_attempt_at = timezone.now()
        delivery.save(force_insert=True)
    wake_after_commit("notifications.tasks.deliver_due")
    return list(deliveries)
