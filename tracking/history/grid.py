"""Curves of several runs on one shared x grid, so that they compare position by position."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from tracking.history.points import Lines
from tracking.history.spans import Spans, combine
from tracking.history.types import Buckets, Floats, Grid


def on_one_grid(curves: Mapping[int, Spans], width: int, *, raw: bool) -> Grid:
    """Curves by run → buckets on at most `width` positions. `raw`: every span is one logged point.

    When all distinct x of all runs fit, each is its own position (points of one run at one x share it). Otherwise
    the range is cut into equal buckets, of a whole width where every x is whole; buckets that are empty in every run
    are left out.
    """
    ascending = {run: _ascending(spans) for run, spans in curves.items() if len(spans)}
    places = {run: spans.x for run, spans in ascending.items()}
    distinct = _distinct(places.values(), width)
    if distinct is not None:
        x, at = distinct, {run: np.searchsorted(distinct, place) for run, place in places.items()}
    else:
        x, at = _cut(places, width)
    runs = {run: _buckets(spans, at[run], len(x)) for run, spans in ascending.items()}
    return Grid(x=x, runs=runs, exact=raw and distinct is not None)


def _ascending(spans: Spans) -> Spans:
    x = spans.x
    if (x[1:] >= x[:-1]).all():
        return spans
    return spans.where(np.argsort(x, kind="stable"))


def _distinct(places: Collection[Floats], width: int) -> Floats | None:
    """Every x there is, ascending; None when there are more than `width`. Each of `places` ascends."""
    if any(1 + np.count_nonzero(place[1:] != place[:-1]) > width for place in places):
        return None
    together = np.empty(0)
    for place in places:
        if not np.array_equal(place, together):
            together = np.union1d(together, place)
        if len(together) > width:
            return None
    return together


def _cut(places: Mapping[int, Floats], width: int) -> tuple[Floats, dict[int, Lines]]:
    """Equal buckets: where each stands, and for each run the bucket of each of its spans."""
    low, high = min(place[0] for place in places.values()), max(place[-1] for place in places.values())
    whole = all((place == np.trunc(place)).all() for place in places.values())
    size = np.ceil((high - low + 1) / width) if whole else (high - low) / width
    at = {run: ((place - low) / size).astype(np.int64).clip(max=width - 1) for run, place in places.items()}
    used = np.zeros(width, np.bool_)
    for bucket in at.values():
        used[bucket] = True
    middle = (size - 1) // 2 if whole else size / 2
    x = np.minimum(low + np.flatnonzero(used) * size + middle, high)
    renumbered = np.cumsum(used) - 1
    return x, {run: renumbered[bucket] for run, bucket in at.items()}


def _buckets(spans: Spans, at: Lines, length: int) -> Buckets:
    """Spans in ascending buckets `at` → arrays over the whole grid."""
    starts = np.flatnonzero(np.diff(at, prepend=-1))
    summed = combine(spans, starts)
    filled = at[starts]

    def spread(values: Floats) -> Floats:
        array = np.full(length, np.nan)
        array[filled] = values
        return array

    def spread_counts(values: Lines) -> Lines:
        array = np.zeros(length, np.int64)
        array[filled] = values
        return array

    with np.errstate(invalid="ignore"):  # no finite value: 0 / 0
        mean = np.clip(summed.total / summed.count, summed.low, summed.high)
    return Buckets(
        mean=spread(mean),
        min=spread(summed.low),
        max=spread(summed.high),
        first=spread(summed.first),
        last=spread(summed.last),
        count=spread_counts(summed.count),
        nonfinite=spread_counts(summed.nonfinite),
    )
