"""Facts and who hears of them: `record` in the transaction that makes the fact, `dispatch` after it.

Rows are the queue. A subscriber turns a claimed event into further rows (deliveries, renderings) in the same
transaction that marks it dispatched; the broker only wakes somebody up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from tracking.models import Event, Project, Run
from tracking.wakeup import wake_after_commit

logger = logging.getLogger(__name__)

RUN_STARTED = "run.started"
RUN_RESUMED = "run.resumed"
RUN_FINISHED = "run.finished"
RUN_FAILED = "run.failed"
RUN_CRASHED = "run.crashed"
RUN_KILLED = "run.killed"
METRIC_CROSSED = "metric.crossed"
ALERT_RAISED = "alert.raised"
REPORT_PUBLISHED = "report.published"

LEASE = timedelta(seconds=60)
GIVE_UP_AFTER = 20  # attempts; then the row stays with its error for a person to look at

Subscriber = Callable[[Event], None]


@cache
def subscribers() -> tuple[Subscriber, ...]:
    """The functions that settings.EVENT_SUBSCRIBERS names. Each must be idempotent for one event."""
    return tuple(import_string(path) for path in settings.EVENT_SUBSCRIBERS)


def record(
    kind: str, key: str, *, project: Project, run: Run | None = None, payload: dict[str, Any] | None = None
) -> bool:
    """Write the event unless its key is there already; True when it is new. Call inside the fact's transaction."""
    return record_all([Event(kind=kind, key=key, project=project, run=run, payload=payload or {})]) == 1


def record_all(facts: Iterable[Event]) -> int:
    """The same for several at once, as rows that are not saved yet; returns how many are new."""
    by_key = {event.key: event for event in facts}
    known = set(Event.objects.filter(key__in=by_key).values_list("key", flat=True)) if by_key else set()
    fresh = [event for key, event in by_key.items() if key not in known]
    if fresh:
        Event.objects.bulk_create(fresh, ignore_conflicts=True)
        wake_after_commit("tracking.tasks.dispatch_events")
    return len(fresh)


def dispatch(limit: int = 200) -> int:
    """Claim waiting events, oldest first, and hand each to every subscriber. Returns how many were dispatched."""
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    waiting = Event.objects.filter(free, dispatched_at=None, attempts__lt=GIVE_UP_AFTER).order_by("id")
    return sum(_dispatch_one(pk) for pk in waiting.values_list("pk", flat=True)[:limit])


def _dispatch_one(pk: int) -> bool:
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    claimed = Event.objects.filter(free, pk=pk, dispatched_at=None).update(
        claimed_until=now + LEASE, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    event = Event.objects.select_related("project__team", "run").get(pk=pk)
    try:
        with transaction.atomic():
            for subscriber in subscribers():
                subscriber(event)
            Event.objects.filter(pk=pk).update(dispatched_at=timezone.now(), error="")
    except Exception as problem:
        logger.exception("event %s (%s) could not be dispatched", pk, event.kind)
        Event.objects.filter(pk=pk).update(error=f"{type(problem).__name__}: {problem}"[:2000])
        return False
    return True
