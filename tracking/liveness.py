"""Absence: runs whose heartbeats stopped have crashed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from tracking import ingest
from tracking.models import LivenessWatch, Run


def mark_crashed() -> int:
    """Mark every active run that was silent for HEARTBEAT_TIMEOUT seconds while we listened; returns how many."""
    timeout = timedelta(seconds=settings.HEARTBEAT_TIMEOUT)
    now = timezone.now()
    limit = now - timeout
    if _looking_since(now) > limit:
        return 0
    silent = Run.objects.filter(
        state__in=[Run.State.RUNNING, Run.State.PREEMPTING], heartbeat_at__lte=limit
    ).select_related("project__team")
    return sum(ingest.crash_run(run=run, silent_since=limit) for run in silent[:1000])


def _looking_since(now: datetime) -> datetime:
    """Since when we have been looking at least every few sweeps; a longer pause starts the watch anew."""
    pause = timedelta(seconds=3 * settings.SWEEP_INTERVAL + 5)
    watch, _created = LivenessWatch.objects.get_or_create(pk=1, defaults={"looked_at": now, "looking_since": now})
    if now - watch.looked_at > pause:
        watch.looking_since = now
    watch.looked_at = now
    watch.save(update_fields=["looked_at", "looking_since"])
    return watch.looking_since
