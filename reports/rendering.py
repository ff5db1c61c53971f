"""How workers draw the pictures that wait: claim a row by conditional update with a lease, draw, store, settle.

Drawing and storing happen outside of any transaction. Only tasks import this module: matplotlib is heavy and not
thread-safe, so it stays out of the web process.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from reports import pictures
from reports.models import Rendering
from tracking.charts import png

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
MAX_ATTEMPTS = 5
PAUSE = timedelta(seconds=5)  # after a failure, times the attempts made: a full disk needs a while


def render_due(limit: int = 200) -> int:
    """Draw what waits, oldest first; returns how many pictures are now done."""
    now = timezone.now()
    _give_up_on_killers(now)
    waiting = Rendering.objects.filter(_free(now), state=Rendering.State.WAITING).order_by("id")
    return sum(_render(pk) for pk in list(waiting.values_list("pk", flat=True)[:limit]))


def _render(pk: int) -> bool:
    now = timezone.now()
    mine = Rendering.objects.filter(_free(now), pk=pk, state=Rendering.State.WAITING)
    if not mine.update(claimed_until=now + LEASE, attempts=F("attempts") + 1):
        return False
    row = Rendering.objects.select_related("figure").get(pk=pk)
    try:
        name = _same_picture(row) or pictures.store(row.content_hash, row.format, _draw(row))
    except Exception as problem:
        logger.exception("rendering %s of edition %s could not be drawn", row.pk, row.figure.edition_id)
        _fail(row, problem)
        return False
    _settle(row, state=Rendering.State.DONE, stored_name=name, error="", claimed_until=None)
    if not Rendering.objects.filter(pk=row.pk).exists():
        pictures.leave(row)  # it was deleted while it was drawn
    return True


def _same_picture(row: Rendering) -> str:
    """Where an identical picture is already stored, or ""."""
    done = Rendering.objects.filter(content_hash=row.content_hash, state=Rendering.State.DONE).exclude(stored_name="")
    name = done.values_list("stored_name", flat=True).first() or ""
    return name if name and pictures.exists(name) else ""


def _draw(row: Rendering) -> bytes:
    return png.draw(row.figure.figure, format="svg" if row.format == "svg" else "png", theme=row.theme)


def _fail(row: Rendering, problem: Exception) -> None:
    given_up = row.attempts >= MAX_ATTEMPTS
    _settle(
        row,
        state=Rendering.State.FAILED if given_up else Rendering.State.WAITING,
        error=f"{type(problem).__name__}: {problem}"[:2000],
        claimed_until=None if given_up else timezone.now() + PAUSE * row.attempts,
    )


def _settle(row: Rendering, **fields: Any) -> None:
    """Only while the claim is ours: a worker that was away too long changes nothing."""
    Rendering.objects.filter(pk=row.pk, attempts=row.attempts, state=Rendering.State.WAITING).update(**fields)


def _give_up_on_killers(now: datetime) -> None:
    """A figure whose drawing ended the worker each time would be claimed for ever."""
    lost = Rendering.objects.filter(_free(now), state=Rendering.State.WAITING, attempts__gte=MAX_ATTEMPTS)
    lost.update(state=Rendering.State.FAILED, error="The worker ended while drawing this picture.")


def _free(now: datetime) -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lt=now)
