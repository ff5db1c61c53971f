"""A chunk: the columns of one key and kind as a row, with levels that let a chart read 1 value in 64 or 4,096.

A level is left out where it has fewer than two spans, and where the steps go back: its spans would lie over each
other. Readers take the next finer one, at last `raw`, which is always there.
"""

from __future__ import annotations

import numpy as np

from tracking.history.models import HistoryChunk
from tracking.history.points import Numbers, Points
from tracking.history.spans import LEVEL1, LEVEL2, every, spans_of

MAX_POINTS = 65_536


def chunk_of(stream_id: int, key_id: int, kind: str, points: Points) -> HistoryChunk:
    chunk = HistoryChunk(
        stream_id=stream_id,
        key_id=key_id,
        kind=kind,
        first_line=int(points.lines[0]),
        last_line=int(points.lines[-1]),
        count=len(points.lines),
        first_step=float(points.steps.min()),
        last_step=float(points.steps.max()),
        raw=points.to_bytes(),
    )
    if isinstance(points, Numbers):
        _sum_up(chunk, points)
    return chunk


def _sum_up(chunk: HistoryChunk, points: Numbers) -> None:
    finite = points.values[np.isfinite(points.values)]
    if len(finite):
        chunk.low, chunk.high = float(finite.min()), float(finite.max())
    latest = float(points.values[-1])
    chunk.latest = None if np.isnan(latest) else latest
    if len(points.lines) <= LEVEL1 or (np.diff(points.steps) < 0).any():
        return
    level1 = every(spans_of(points), LEVEL1)
    chunk.level1 = level1.to_bytes()
    if len(points.lines) > LEVEL2:
        chunk.level2 = every(level1, LEVEL2 // LEVEL1).to_bytes()
