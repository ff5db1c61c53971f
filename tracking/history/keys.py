"""Which metrics a stream has, and their last values; neither opens the columns of a chunk.

As for charts (tracking/history/series.py) the tail is read first and the chunks after it, in one statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from django.db.models import Max, Min, Sum
from numpy.typing import NDArray

from tracking.history import dictionary, tail
from tracking.history.columns import NUMBER, Path, is_number, step_of, transpose, values_named
from tracking.history.lines import Corrupt, Row
from tracking.history.models import HistoryChunk, HistoryStream
from tracking.history.points import Numbers, Places, Points, as_float, points_of
from tracking.history.types import HISTORY, KeyInfo, Stream

Place = tuple[Path, str]  # path and kind


def keys(run_id: int, stream: Stream = HISTORY) -> dict[str, KeyInfo]:
    """Every metric of a stream by name, nested dicts flattened "a.b.c"; includes `_step`, `_timestamp`, `_runtime`.

    A metric that was ever a number is described by its numbers, another by its most frequent kind.
    """
    row = HistoryStream.objects.filter(run_id=run_id, stream=stream).values_list("pk", flat=True).first()
    if row is None:
        return {}
    waiting = [pair for tail_row in tail.of_streams([row]) for pair in tail_row.numbered()]
    compacted, last_line = _of_chunks(row)
    by_name: dict[str, dict[str, list[KeyInfo]]] = {}
    for (path, kind), info in [*compacted.items(), *_of_tail(waiting, last_line)]:
        if path:
            by_name.setdefault(".".join(path), {}).setdefault(kind, []).append(info)
    return {name: _choose([_together(infos) for infos in kinds.values()]) for name, kinds in sorted(by_name.items())}


def last(run_ids: Sequence[int], names: Sequence[str], stream: Stream = HISTORY) -> dict[int, dict[str, float]]:
    """The last logged numeric value of each named metric of each run; absent where there is none."""
    run_of = dict(HistoryStream.objects.filter(run_id__in=run_ids, stream=stream).values_list("pk", "run_id"))
    latest = _latest_in_tails(run_of, names)
    name_of = dictionary.ids_named(names)
    chunks = HistoryChunk.objects.filter(stream_id__in=run_of, key_id__in=name_of, kind=NUMBER)
    for pk, key, line, value in chunks.values_list("stream_id", "key_id", "last_line", "latest"):
        place = (pk, name_of[key])
        if place not in latest or latest[place][0] < line:
            latest[place] = (line, np.nan if value is None else value)
    found: dict[int, dict[str, float]] = {run: {} for run in run_ids}
    for (pk, name), (_line, value) in latest.items():
        found[run_of[pk]][name] = value
    return found


def _of_chunks(stream_id: int) -> tuple[dict[Place, KeyInfo], dict[Place, int]]:
    """What the chunks hold of each path and kind, and the last line they hold of it."""
    groups = (
        HistoryChunk.objects.filter(stream_id=stream_id)
        .values_list("key_id", "kind")
        .annotate(Sum("count"), Min("first_step"), Max("last_step"), Min("low"), Max("high"), Max("last_line"))
    )
    rows = list(groups)
    paths = dictionary.paths_of({row[0] for row in rows})
    infos, lines = {}, {}
    for key, kind, count, first, final, low, high, line in rows:
        path = paths[key]
        infos[path, kind] = KeyInfo(".".join(path), kind, count, int(first), int(final), low, high)
        lines[path, kind] = line
    return infos, lines


def _of_tail(numbered: list[tuple[int, Row]], last_line: dict[Place, int]) -> Iterable[tuple[Place, KeyInfo]]:
    lines = np.array([line for line, _row in numbered], np.int64)
    steps = np.array([float(line) if isinstance(row, Corrupt) else step_of(row, line) for line, row in numbered])
    # Lines that were compacted after the tail was read are in the chunks' figures already.
    places = Places(lines, steps)
    for place, column in transpose(numbered).items():
        points = points_of(column, places)
        fresh = points.places.lines > last_line.get(place, -1)
        if fresh.any():
            yield place, _describe(place, points, fresh)


def _describe(place: Place, points: Points, fresh: NDArray[np.bool_]) -> KeyInfo:
    path, kind = place
    steps = points.places.steps[fresh]
    low = high = None
    if isinstance(points, Numbers):
        finite = points.values[fresh & np.isfinite(points.values)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (None, None)
    return KeyInfo(".".join(path), kind, len(steps), int(steps.min()), int(steps.max()), low, high)


def _together(infos: list[KeyInfo]) -> KeyInfo:
    """One description of the same name and kind, from chunks and tail, flat and nested."""
    if len(infos) == 1:
        return infos[0]
    return KeyInfo(
        name=infos[0].name,
        kind=infos[0].kind,
        count=sum(info.count for info in infos),
        first_step=min(info.first_step for info in infos),
        last_step=max(info.last_step for info in infos),
        min=min((info.min for info in infos if info.min is not None), default=None),
        max=max((info.max for info in infos if info.max is not None), default=None),
    )


def _choose(infos: list[KeyInfo]) -> KeyInfo:
    return max(infos, key=lambda info: (info.kind == NUMBER, info.count, info.kind))


def _latest_in_tails(stream_ids: Collection[int], names: Sequence[str]) -> dict[tuple[int, str], tuple[int, float]]:
    """(line, value) by stream row and name."""
    latest: dict[tuple[int, str], tuple[int, float]] = {}
    for row in reversed(tail.of_streams(stream_ids)):
        wanted = [name for name in names if (row.stream_id, name) not in latest and row.may_hold(name)]
        for line, content in reversed(row.numbered()) if wanted else ():
            if isinstance(content, Corrupt):
                continue
            for name in wanted:
                value = next(filter(is_number, values_named(content, name)), None)
                if value is not None and (row.stream_id, name) not in latest:
                    latest[row.stream_id, name] = (line, as_float(value))
    return latest
