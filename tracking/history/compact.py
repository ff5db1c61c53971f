"""From the tail into chunks, a pass at a time; encoding holds no lock.

Two compactors of one stream do no harm: whoever moves `done` first wins, the other finds it moved and lets go.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from tracking.history import dictionary, tail
from tracking.history.chunks import Chunk, chunk_of, write
from tracking.history.columns import step_of, transpose
from tracking.history.lines import Corrupt, Row
from tracking.history.merge import merge
from tracking.history.models import HistoryStream, HistoryTail
from tracking.history.points import Places, points_of
from tracking.history.tail import TailRow
from tracking.history.types import Stream

logger = logging.getLogger(__name__)

PASS_LINES, PASS_BYTES = 4096, 16 * 2**20  # of one pass; a request that is larger by itself is one
LONG_TAIL = 4096  # lines
OLD_TAIL = timedelta(seconds=60)
GAP_IS_LOST = timedelta(hours=1)  # clients repeat what was not acknowledged within minutes


def compact(run_id: int, stream: Stream) -> int:
    """Turn tail rows into immutable column chunks; returns the number of lines moved. Safe to run twice at once.

    Stops at a gap in the line numbers until it is an hour old. Not for use inside a transaction that does more.
    """
    streams = HistoryStream.objects.filter(run_id=run_id, stream=stream)
    moved, count = 0, 1
    while count and (row := streams.first()) is not None:
        count = _pass(row)
        moved += count
    if moved and row is not None:
        merge(row.pk)
    return moved


def due() -> list[tuple[int, Stream]]:
    """(run, stream) of every tail that is long or old; a sweep compacts them, should their wake-up be lost."""
    is_long, is_old = Q(next__gte=F("done") + LONG_TAIL), Q(waiting_since__lt=timezone.now() - OLD_TAIL)
    waiting = HistoryStream.objects.filter(is_long | is_old, waiting_since__isnull=False)
    return list(waiting.order_by("waiting_since").values_list("run_id", "stream"))  # type: ignore[arg-type]


def compact_due() -> int:
    """Compact every tail that is due; returns the number of lines moved. One that fails holds up no other."""
    moved = 0
    for run_id, stream in due():
        try:
            moved += compact(run_id, stream)
        except Exception:
            logger.exception("the %s of run %s could not be compacted", stream, run_id)
    return moved


def _pass(row: HistoryStream) -> int:
    taken = _without_gap(row, tail.take(row.pk, row.done, max_lines=PASS_LINES, max_bytes=PASS_BYTES))
    if not taken:
        return 0
    chunks = _encode(row.pk, [pair for tail_row in taken for pair in tail_row.numbered()])
    done = taken[-1].stop
    waiting_since = Case(When(next=done, then=Value(None)), default=Value(timezone.now()))
    with transaction.atomic():
        unmoved = HistoryStream.objects.filter(pk=row.pk, done=row.done)
        if not unmoved.update(done=done, waiting_since=waiting_since):
            return 0
        write(chunks)
        HistoryTail.objects.filter(stream_id=row.pk, offset__lt=done).delete()
    return sum(tail_row.count for tail_row in taken)


def _without_gap(row: HistoryStream, rows: Sequence[TailRow]) -> list[TailRow]:
    """The first of these rows that follow each other without a gap; none while the gap before them may be filled."""
    if not rows or (rows[0].offset > row.done and _came_lately(rows[0])):
        return []
    together = [rows[0]]
    for tail_row in rows[1:]:
        if tail_row.offset != together[-1].stop:
            break
        together.append(tail_row)
    return together


def _came_lately(tail_row: TailRow) -> bool:
    since = timezone.now() - GAP_IS_LOST
    return HistoryTail.objects.filter(
        stream_id=tail_row.stream_id, offset=tail_row.offset, received_at__gt=since
    ).exists()


def _encode(stream_id: int, numbered: Sequence[tuple[int, Row]]) -> list[Chunk]:
    lines = np.array([line for line, _row in numbered], np.int64)
    steps = np.array([float(line) if isinstance(row, Corrupt) else step_of(row, line) for line, row in numbered])
    places = Places(lines, steps)
    columns = transpose(numbered)
    ids = dictionary.ids_of({path for path, _kind in columns})
    return [chunk_of(stream_id, ids[path], kind, points_of(column, places)) for (path, kind), column in columns.items()]
