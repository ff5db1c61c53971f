"""A chunk: the columns of one key and kind as a row, with levels that let a chart read 1 value in 64 or 4,096.

A level is left out where it has few spans, and where the steps go back: its spans would lie over each
other. Readers take the next finer one, at last `raw`, which is always there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

import numpy as np
from django.db import connection

from tracking.history.points import Numbers, Points
from tracking.history.spans import LEVEL1, LEVEL2, every, spans_of

MAX_POINTS = 65_536
FEWEST_SPANS = 8


@dataclass(frozen=True)
class Chunk:
    """A row of `HistoryChunk`, as it is written; a pass over a run of 10,000 keys writes as many."""

    stream_id: int
    key_id: int
    kind: str
    first_line: int
    last_line: int
    count: int
    first_step: float
    last_step: float
    low: float | None
    high: float | None
    latest: float | None
    level2: bytes | None
    level1: bytes | None
    raw: bytes


COLUMNS = tuple(field.name for field in fields(Chunk))


def chunk_of(stream_id: int, key_id: int, kind: str, points: Points) -> Chunk:
    places = points.places
    low = high = latest = level2 = level1 = None
    if isinstance(points, Numbers):
        low, high, latest = _figures(points)
        level2, level1 = _levels(points)
    first_step, last_step = places.bounds
    return Chunk(
        stream_id=stream_id,
        key_id=key_id,
        kind=kind,
        first_line=int(places.lines[0]),
        last_line=int(places.lines[-1]),
        count=len(places),
        first_step=first_step,
        last_step=last_step,
        low=low,
        high=high,
        latest=latest,
        level2=level2,
        level1=level1,
        raw=points.to_bytes(),
    )


def write(chunks: Sequence[Chunk]) -> None:
    """Insert rows; by one prepared statement, because the write lock is held meanwhile (model instances: ten times)."""
    columns = ", ".join(map(connection.ops.quote_name, COLUMNS))
    values = ", ".join(["%s"] * len(COLUMNS))
    with connection.cursor() as cursor:
        statement = f"INSERT INTO hist_chunk ({columns}) VALUES ({values})"  # noqa: S608 our own names
        cursor.executemany(statement, list(map(attrgetter(*COLUMNS), chunks)))


def _figures(points: Numbers) -> tuple[float | None, float | None, float | None]:
    """The smallest and largest finite value, and the last value if it is not NaN."""
    values = points.values
    latest = float(values[-1])
    low, high = float(values.min()), float(values.max())  # NaN or infinite if any value is
    if not (np.isfinite(low) and np.isfinite(high)):
        finite = values[np.isfinite(values)]
        if not len(finite):
            return None, None, None if np.isnan(latest) else latest
        low, high = float(finite.min()), float(finite.max())
    return low, high, None if np.isnan(latest) else latest


def _levels(points: Numbers) -> tuple[bytes | None, bytes | None]:
    count = len(points.places)
    if count < FEWEST_SPANS * LEVEL1 or not points.places.is_ordered:
        return None, None
    level1 = every(spans_of(points), LEVEL1)
    level2 = every(level1, LEVEL2 // LEVEL1).to_bytes() if count >= FEWEST_SPANS * LEVEL2 else None
    return level2, level1.to_bytes()
