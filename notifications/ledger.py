"""Deliveries as pages list them: what each was about and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from notifications.models import Attempt, Delivery
from notifications.texts import title_of

PAGE = 50
SOON = timedelta(minutes=1)


@dataclass(frozen=True)
class Line:
    delivery: Delivery
    title: str
    last_attempt: Attempt | None

    @property
    def answer(self) -> str:
        """Why it is not there yet, or what the other side said."""
        if self.delivery.reason or self.last_attempt is None:
            return self.delivery.reason
        return " ".join(filter(None, [self.last_attempt.status, self.last_attempt.answer]))


def lines(deliveries: QuerySet[Delivery], limit: int = PAGE) -> list[Line]:
    """Newest first."""
    rows = deliveries.select_related("channel", "rule", "project__team", "event__run").prefetch_related("attempts")
    return [
        Line(row, title_of(row), max(row.attempts.all(), key=lambda attempt: attempt.number, default=None))
        for row in rows.order_by("-id")[:limit]
    ]


def is_moving(listed: list[Line]) -> bool:
    """Whether one of them is about to change, so that a page should look again."""
    moving = (Delivery.State.WAITING, Delivery.State.SENDING)
    soon = timezone.now() + SOON
    return any(line.delivery.state in moving and line.delivery.next_attempt_at < soon for line in listed)
