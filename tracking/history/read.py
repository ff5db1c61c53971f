"""Reading metrics: curves for a chart, which metrics there are, and their last values."""

from __future__ import annotations

from collections.abc import Sequence

from tracking.history.grid import on_one_grid
from tracking.history.series import Question, curves
from tracking.history.types import HISTORY, Grid, Stream


def read(
    run_ids: Sequence[int],
    key: str,
    *,
    stream: Stream = HISTORY,
    x: str = "_step",
    start: float | None = None,
    stop: float | None = None,
    width: int = 1000,
) -> Grid:
    """One numeric metric of one or many runs, bucketed on one shared x grid of at most `width` positions.

    `x` is "_step" (default), "_timestamp" (wall time, seconds since 1970), "_runtime" (seconds since the run began)
    or any other numeric metric. `start` and `stop` bound x inclusively. A run without the metric is absent.
    """
    width = max(width, 1)
    found, is_raw = curves(run_ids, stream, Question(key, x, start, stop, width))
    return on_one_grid(found, width, raw=is_raw)
