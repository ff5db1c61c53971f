"""The full scan: every line as it was logged, from chunks and tail, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tracking.history import dictionary, tail
from tracking.history.append import next_line
from tracking.history.columns import CORRUPT, Path
from tracking.history.lines import Corrupt
from tracking.history.models import HistoryChunk, HistoryStream
from tracking.history.points import Points, points_from
from tracking.history.types import HISTORY, Stream

TAIL_LINES, TAIL_BYTES = 1024, 8 * 2**20  # of the tail in memory at once
WINDOW_VALUES = 2**21  # values of chunks in memory at once
FEWEST_LINES, MOST_LINES = 1024, 65_536  # in one window over the chunks
BLOCK = 1024  # lines made into dicts at once


def rows(
    run_id: int, stream: Stream = HISTORY, *, start_line: int = 0, stop_line: int | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, row) in line order, full resolution, constant memory; rows as the script logged them.

    Lines that are not JSON objects are left out. Lines that arrive meanwhile are not read.
    """
    pk = HistoryStream.objects.filter(run_id=run_id, stream=stream).values_list("pk", flat=True).first()
    if pk is None:
        return
    upper = next_line(run_id, stream)
    position, stop = max(start_line, 0), upper if stop_line is None else min(stop_line, upper)
    while position < stop:
        # The tail first: lines before its first row are in chunks, however much is compacted meanwhile.
        waiting = tail.take(pk, position, max_lines=TAIL_LINES, max_bytes=TAIL_BYTES)
        edge = min(waiting[0].offset, stop) if waiting else stop
        while position < edge:
            end = min(edge, position + _window(pk))
            yield from _from_chunks(pk, position, end)
            position = end
        for row in waiting:
            for line, content in row.numbered():
                if position <= line < stop and not isinstance(content, Corrupt):
                    yield line, content
            position = max(position, row.stop)


def _window(stream_id: int) -> int:
    """How many lines at once: few when there are many keys."""
    columns = HistoryChunk.objects.filter(stream_id=stream_id).values("key_id", "kind").distinct().count()
    return min(max(WINDOW_VALUES // max(columns, 1), FEWEST_LINES), MOST_LINES)


def _from_chunks(stream_id: int, start: int, stop: int) -> Iterator[tuple[int, dict[str, Any]]]:
    chunks = HistoryChunk.objects.filter(stream_id=stream_id, first_line__lt=stop, last_line__gte=start)
    found = list(chunks.order_by("key_id", "first_line").values_list("key_id", "kind", "raw"))
    paths = dictionary.paths_of({key for key, _kind, _raw in found})
    columns = [(paths[key], kind, points_from(kind, bytes(raw))) for key, kind, raw in found]
    for first in range(start, stop, BLOCK):
        block: dict[int, dict[str, Any]] = {}
        for path, kind, points in columns:
            if kind != CORRUPT or path:
                _lay(block, path, kind, points, first, min(first + BLOCK, stop))
        yield from sorted(block.items())


def _lay(block: dict[int, dict[str, Any]], path: Path, kind: str, points: Points, start: int, stop: int) -> None:
    """Put the values of lines `start … stop - 1` where they were in their rows."""
    first, last = np.searchsorted(points.places.lines, (start, stop)).tolist()
    if first == last:
        return
    values = points.logged(first, last)
    for line, value in zip(points.places.lines[first:last].tolist(), values, strict=True):
        row = block.setdefault(line, {})
        if not path:
            continue  # an empty object: only its line number
        for key in path[:-1]:
            row = row.setdefault(key, {})
        row[path[-1]] = value
