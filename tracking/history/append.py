"""Writing lines into the tail, and forgetting a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tracking.history.lines import join
from tracking.history.models import HistoryChunk, HistoryStream, HistoryTail
from tracking.history.types import HISTORY, Appended, Stream


@transaction.atomic(savepoint=False)
def append(run_id: int, stream: Stream, offset: int, lines: Sequence[str]) -> Appended:
    """Store raw JSON lines `offset … offset + len(lines) - 1` of a stream, inside the caller's transaction.

    The first copy of a line wins; a repeated append changes nothing, however the lines are cut. A gap before `offset`
    is allowed (it is filled later or, after an hour, declared lost). Durable when the caller's transaction commits.
    A line that is not a JSON object is stored as well; readers step over it.

    Of the result, `first_new` is the first line of this call that was not stored before (`offset + len(lines)` when
    all were). Lines after it were new as well if the call went on from `next_line`, as clients do; where the call
    fills a gap, some of them may have been there.
    """
    stop = offset + len(lines)
    row = _locked(run_id, stream)
    pieces = [(offset, stop)] if offset >= row.next else _missing(row, offset, stop)
    if not lines or not pieces:
        return Appended(first_new=stop, next_line=row.next)
    now = timezone.now()
    HistoryTail.objects.bulk_create(
        HistoryTail(stream=row, offset=first, count=last - first, received_at=now, data=join(part))
        for first, last in pieces
        for part in [lines[first - offset : last - offset]]
    )
    changes: dict[str, int | datetime] = {"next": max(row.next, stop)}
    if row.waiting_since is None:
        changes["waiting_since"] = now
    HistoryStream.objects.filter(pk=row.pk).update(**changes)
    return Appended(first_new=pieces[0][0], next_line=max(row.next, stop))


def next_line(run_id: int, stream: Stream = HISTORY) -> int:
    """The next line number: the highest stored one plus one, 0 for a stream that has none."""
    return HistoryStream.objects.filter(run_id=run_id, stream=stream).values_list("next", flat=True).first() or 0


@transaction.atomic
def forget(run_id: int) -> None:
    """Free every row of a run, for the transaction that deletes the run."""
    streams = list(HistoryStream.objects.select_for_update().filter(run_id=run_id).values_list("pk", flat=True))
    HistoryTail.objects.filter(stream_id__in=streams).delete()
    HistoryChunk.objects.filter(stream_id__in=streams).delete()
    HistoryStream.objects.filter(pk__in=streams).delete()


def run_ids() -> set[int]:
    """Every run that has a history."""
    return set(HistoryStream.objects.values_list("run_id", flat=True))


def _locked(run_id: int, stream: Stream) -> HistoryStream:
    """The stream's row, made on first use and locked until the transaction ends."""
    rows = HistoryStream.objects.select_for_update().filter(run_id=run_id, stream=stream)
    row = rows.first()
    if row is None:
        HistoryStream.objects.bulk_create([HistoryStream(run_id=run_id, stream=stream)], ignore_conflicts=True)
        row = rows.get()
    return row


def _missing(row: HistoryStream, offset: int, stop: int) -> list[tuple[int, int]]:
    """The parts of lines `offset … stop - 1` that are neither in chunks nor in the tail, as (first, last + 1)."""
    overlapping = (
        HistoryTail.objects.filter(stream=row, offset__lt=stop)
        .annotate(stop=F("offset") + F("count"))
        .filter(stop__gt=offset)
        .order_by("offset")
    )
    pieces, position = [], max(offset, row.done)
    for first, last in overlapping.values_list("offset", "stop"):
        if position < first:
            pieces.append((position, first))
        position = max(position, last)
    if position < stop:
        pieces.append((position, stop))
    return pieces
