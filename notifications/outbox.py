"""The outbox: claim a due delivery, send it, write down how it went. Only workers import this (it draws charts).

A delivery is claimed together with its channel, so a channel has one sender at a time and its messages leave in the
order of what happened. Both claims are leases: those of a worker that dies run out, and the message is sent again under
the same reference (at least once). Nothing is sent inside a transaction.
"""

from __future__ import annotations

import logging
import time
import traceback
from datetime import datetime

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications import messages, outcomes
from notifications.channels import KINDS
from notifications.channels.errors import SendError
from notifications.channels.types import Address, Message, Sent
from notifications.models import Attempt, Channel, Delivery
from notifications.outcomes import Claim
from notifications.pacing import BURST, LEASE, wait_after
from notifications.recipients import language_of, why_not
from notifications.secrets import UnreadableSecret, unseal

logger = logging.getLogger(__name__)

RELATED = ("channel", "project__team", "rule__created_by", "event__run__user", "event__run__project__team")


def deliver_due(limit: int = 200) -> int:
    """Send what is due, channel by channel, the one that waits longest first. Returns how many sendings were tried."""
    tried = 0
    for channel_id in _channels_with_work():
        while tried < limit and (claim := claim_next(channel_id)) is not None:
            _deliver(claim)
            tried += 1
    return tried


def claim_next(channel_id: int) -> Claim | None:
    """The channel's next due delivery, now leased to the caller; None when there is none or it is not its time.

    Deliveries that must not be sent any more are marked on the way.
    """
    with transaction.atomic():
        now = timezone.now()
        lease = now + LEASE
        if not _ready(now).filter(pk=channel_id).update(busy_until=lease):
            return None
        due = _due(now).filter(channel_id=channel_id).select_related(*RELATED)
        for delivery in due.order_by("-is_test", "event_id", "id")[:50]:
            if _may_start(delivery, now):
                return _start(delivery, lease, now)
        Channel.objects.filter(pk=channel_id).update(busy_until=None)
    return None


def _channels_with_work() -> list[int]:
    work = _due(timezone.now()).values("channel_id").annotate(oldest=Min("id")).order_by("oldest")
    return [row["channel_id"] for row in work]


def _due(now: datetime) -> QuerySet[Delivery]:
    waiting = Q(state=Delivery.State.WAITING, next_attempt_at__lte=now)
    abandoned = Q(state=Delivery.State.SENDING, leased_until__lt=now)
    return Delivery.objects.filter(waiting | abandoned)


def _ready(now: datetime) -> QuerySet[Channel]:
    """Channels nobody is sending to, that did not ask to wait and were not written to too fast."""
    return Channel.objects.filter(
        Q(busy_until=None) | Q(busy_until__lt=now),
        Q(not_before=None) | Q(not_before__lte=now),
        Q(paced_until=None) | Q(paced_until__lt=now + BURST),
    )


def _may_start(delivery: Delivery, now: datetime) -> bool:
    """False for one that must not be sent (any more); it is marked with the reason."""
    with override(language_of(delivery.rule)):
        reason, state = why_not(delivery), Delivery.State.SKIPPED
        if delivery.channel.paused_at is not None and not delivery.is_test:
            reason = _("The channel is paused: %(why)s") % {"why": delivery.channel.paused_because}
        elif delivery.failures and wait_after(delivery.failures) is None:
            state = Delivery.State.FAILED
            reason = _("Given up: the worker was cut short each time it tried to send this.")
    if reason:
        _due(now).filter(pk=delivery.pk).update(state=state, reason=reason, leased_until=None)
    return not reason


def _start(delivery: Delivery, lease: datetime, now: datetime) -> Claim:
    """Counted as a failure until the opposite is known: a message that kills its worker must not be tried for ever."""
    number = delivery.attempts_made + 1
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.SENDING, leased_until=lease, attempts_made=number, failures=F("failures") + 1
    )
    Attempt.objects.create(delivery=delivery, number=number, started_at=now)
    return Claim(delivery=delivery, number=number, failures=delivery.failures + 1, lease=lease)


def _deliver(claim: Claim) -> None:
    delivery, secret = claim.delivery, ""
    started = time.monotonic()
    with override(language_of(delivery.rule)):
        try:
            secret = _secret_of(delivery.channel)
            message, sent = _send(delivery, secret)
        except SendError as problem:
            problem.answer = _without(problem.answer, secret)
            outcomes.failed(claim, problem, _milliseconds(started))
        except Exception as problem:  # a bug of ours must not stop the other deliveries
            trace = _without(traceback.format_exc(), secret)
            logger.error("delivery %s to channel %s could not be sent\n%s", delivery.pk, delivery.channel_id, trace)
            answer = _without(str(problem), secret)
            error = SendError(type(problem).__name__, answer, reason=_("Debrief could not write this message."))
            outcomes.failed(claim, error, _milliseconds(started))
        else:
            outcomes.succeeded(claim, message, sent, _milliseconds(started))


def _secret_of(channel: Channel) -> str:
    try:
        return unseal(channel.secret)
    except UnreadableSecret as problem:
        reason = _("The saved token cannot be read because SECRET_KEY has changed. Enter the token again.")
        raise SendError("unreadable secret", reason=reason, pauses=True) from problem


def _send(delivery: Delivery, secret: str) -> tuple[Message, Sent]:
    channel = delivery.channel
    kind = KINDS[channel.kind]
    message = messages.build(delivery, with_chart=kind.shows_pictures)
    return message, kind.send(Address(channel.kind, channel.address, secret), message)


def _without(text: str, secret: str) -> str:
    """Some servers answer with what they were sent, and some exceptions quote it or the path of an address."""
    path = secret.split("/", 3)[-1]
    for part in filter(None, (secret, repr(secret)[1:-1], path, repr(path)[1:-1])):
        text = text.replace(part, "…")
    return text


def _milliseconds(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
