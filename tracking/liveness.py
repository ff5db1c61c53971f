"""Absence: runs whose heartbeats stopped have crashed, unless it was us who could not hear them.

Each web process says every few seconds that it accepts heartbeats; one is enough. Silence counts only while somebody
accepted (docs/decisions/0005-nobody-is-dead-while-we-were-away.md).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, F, When
from django.utils import timezone

from tracking import ingest
from tracking.models import LivenessWatch, Run

ACCEPT_INTERVAL = 10.0  # seconds between two signs of a web process (config/asgi.py)
PAUSE = timedelta(seconds=35)  # without a sign for longer, nobody accepted meanwhile


def mark_crashed() -> int:
    """Mark every active run that was silent for HEARTBEAT_TIMEOUT seconds while we accepted; returns how many.

    The silence is measured at the last sign of a web process: during an outage no run grows older.
    """
    now = timezone.now()
    seen, _created = LivenessWatch.objects.get_or_create(pk=1, defaults=_from(now))
    LivenessWatch.objects.filter(pk=1).update(looked_at=now)
    limit = seen.accepted_at - timedelta(seconds=settings.HEARTBEAT_TIMEOUT)
    if seen.accepting_since > limit:
        return 0
    silent = Run.objects.filter(
        state__in=[Run.State.RUNNING, Run.State.PREEMPTING], heartbeat_at__lte=limit
    ).select_related("project__team")
    return sum(ingest.crash_run(run=run, silent_since=limit) for run in silent[:1000])


def accept() -> None:
    """Note that heartbeats are accepted now; after a pause, that they are since now. One small UPDATE."""
    now = timezone.now()
    since = Case(When(accepted_at__lt=now - PAUSE, then=now), default=F("accepting_since"))
    if not LivenessWatch.objects.filter(pk=1).update(accepted_at=now, accepting_since=since):
        LivenessWatch.objects.get_or_create(pk=1, defaults=_from(now))


def watch() -> LivenessWatch | None:
    """None before the first sign of anybody."""
    return LivenessWatch.objects.filter(pk=1).first()


def _from(now: datetime) -> dict[str, datetime]:
    return {"looked_at": now, "accepted_at": now, "accepting_since": now}
