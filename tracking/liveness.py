"""Absence: runs whose heartbeats stopped have crashed."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from tracking import ingest
from tracking.models import Run


def mark_crashed() -> int:
    """Mark every active run that was silent for HEARTBEAT_TIMEOUT seconds; returns how many."""
    limit = timezone.now() - timedelta(seconds=settings.HEARTBEAT_TIMEOUT)
    silent = Run.objects.filter(
        state__in=[Run.State.RUNNING, Run.State.PREEMPTING], heartbeat_at__lte=limit
    ).select_related("project__team")
    return sum(ingest.crash_run(run=run, silent_since=limit) for run in silent[:1000])
