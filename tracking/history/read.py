from collections.abc import Iterator, Sequence
from typing import Any

from tracking.history.types import HISTORY, Grid, KeyInfo, Stream


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
    raise NotImplementedError


def rows(
    run_id: int, stream: Stream = HISTORY, *, start_line: int = 0, stop_line: int | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, row) in line order, full resolution, constant memory; rows as the script logged them."""
    raise NotImplementedError


def keys(run_id: int, stream: Stream = HISTORY) -> dict[str, KeyInfo]:
    """Every metric of a stream by name, nested dicts flattened "a.b.c"; includes `_step`, `_timestamp`, `_runtime`."""
    raise NotImplementedError


def last(run_ids: Sequence[int], names: Sequence[str], stream: Stream = HISTORY) -> dict[int, dict[str, float]]:
    """The last logged numeric value of each named metric of each run; absent where there is none."""
    raise NotImplementedError


def next_line(run_id: int, stream: Stream = HISTORY) -> int:
    """The next line number: the highest stored one plus one, 0 for a stream that has none."""
    raise NotImplementedError
