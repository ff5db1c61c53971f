"""How a try to deliver went, written down: on the attempt, on the delivery and on its channel."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications import kept_charts, messages
from notifications.channels import KINDS
from notifications.channels.errors import SendError
from notifications.channels.types import Message, Sent
from notifications.models import Attempt, Channel, Delivery
from notifications.pacing import HOLD, paid_until, wait_after

logger = logging.getLogger(__name__)

ANSWER_KEPT = 1000  # characters


@dataclass(frozen=True)
class Claim:
    """One try, leased to one worker. `failures` counts this try as if it had failed."""

    delivery: Delivery
    number: int
    failures: int
    lease: datetime


def succeeded(claim: Claim, message: Message, sent: Sent, milliseconds: int) -> None:
    now = timezone.now()
    spacing = KINDS[claim.delivery.channel.kind].spacing
    with transaction.atomic():
        _end_attempt(claim, milliseconds, is_success=True, status=sent.status, answer=sent.answer)
        _end_delivery(
            claim,
            state=Delivery.State.SENT,
            reason="",
            failures=0,
            external_id=sent.external_id[:256],
            sent_at=now,
            message=messages.to_json(message),
        )
        _release(claim, paced_until=paid_until(claim.delivery.channel.paced_until, now, spacing), not_before=None)
    if message.chart is not None:
        kept_charts.keep(claim.delivery, message.chart)


def failed(claim: Claim, problem: SendError, milliseconds: int) -> None:
    with transaction.atomic():
        _end_attempt(claim, milliseconds, status=problem.status, answer=problem.answer, is_permanent=problem.permanent)
        if problem.retry_after is not None:
            _wait_as_told(claim, problem)
        elif (wait := wait_after(claim.failures)) is None or problem.permanent or claim.delivery.is_test:
            _end_delivery(claim, state=Delivery.State.FAILED, reason=problem.reason)
            _release(claim)
        else:
            now = timezone.now()
            _end_delivery(claim, state=Delivery.State.WAITING, reason=problem.reason, next_attempt_at=now + wait)
            _release(claim, not_before=now + min(wait, HOLD))
        if problem.pauses:
            _pause(claim.delivery.channel, problem.reason)


def _wait_as_told(claim: Claim, problem: SendError) -> None:
    """Being told to wait is no failure: it uses up none of the tries, and everything for the channel waits."""
    until = timezone.now() + (problem.retry_after or HOLD)
    _end_delivery(
        claim,
        state=Delivery.State.WAITING,
        reason=problem.reason,
        next_attempt_at=until,
        failures=claim.failures - 1,
    )
    _release(claim, not_before=until)


def _pause(channel: Channel, reason: str) -> None:
    """Stop sending there until a person resumes the channel; what waits for it is not sent and says why."""
    Channel.objects.filter(pk=channel.pk).update(paused_at=timezone.now(), paused_because=reason)
    Delivery.objects.filter(channel=channel, state=Delivery.State.WAITING, is_test=False).update(
        state=Delivery.State.SKIPPED, reason=_("The channel is paused: %(why)s") % {"why": reason}
    )


def _end_attempt(claim: Claim, milliseconds: int, *, status: str, answer: str, **fields: bool) -> None:
    Attempt.objects.filter(delivery=claim.delivery, number=claim.number).update(
        # PostgreSQL stores no NUL
        milliseconds=milliseconds,
        status=status[:64],
        answer=answer.replace("\0", "")[:ANSWER_KEPT],
        **fields,
    )


def _end_delivery(claim: Claim, **fields: Any) -> None:
    """Only while the lease is ours: a worker that took longer than its lease must not undo what its successor did."""
    mine = Delivery.objects.filter(pk=claim.delivery.pk, state=Delivery.State.SENDING, leased_until=claim.lease)
    if not mine.update(leased_until=None, **fields):
        logger.warning("delivery %s: attempt %s ended after its lease", claim.delivery.pk, claim.number)


def _release(claim: Claim, **fields: datetime | None) -> None:
    Channel.objects.filter(pk=claim.delivery.channel_id, busy_until=claim.lease).update(busy_until=None, **fields)
