"""The history of runs as the numbers of a chart: one Series a run and metric, all on one x in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracking import history
from tracking.charts.figure import GAP
from tracking.charts.spec import ChartSpec
from tracking.charts.view import View
from tracking.history import HISTORY, SYSTEM, Buckets, Floats, Grid
from tracking.models import Run

SYSTEM_PREFIX = "system."  # the machine metrics of the wandb client

X_KEYS = {"step": "_step", "time": "_timestamp", "relative": "_runtime"}


@dataclass(frozen=True)
class Series:
    """One metric of one run on an x of its own; `y` as in Curve, `low` and `high` are a bucket's extremes."""

    run: Run
    metric: str
    x: Floats
    y: Floats
    low: Floats | None
    high: Floats | None


def x_key_of(spec: ChartSpec) -> str:
    """Machine metrics have no step: they are drawn over the run's time."""
    if spec.x == "step" and any(metric.startswith(SYSTEM_PREFIX) for metric in spec.metrics):
        return "_runtime"
    return X_KEYS.get(spec.x, spec.x)


def stream_of(metric: str) -> history.Stream:
    return SYSTEM if metric.startswith(SYSTEM_PREFIX) else HISTORY


def read(spec: ChartSpec, chosen: Sequence[Run], view: View) -> list[Series]:
    """Every metric of the chosen runs, metrics one after another; runs without a metric are left out."""
    keys = [run.pk for run in chosen]
    x_key = x_key_of(spec)
    series: list[Series] = []
    for metric in spec.metrics if keys else ():
        grid = history.read(
            keys, metric, stream=stream_of(metric), x=x_key, start=view.start, stop=view.stop, width=view.width
        )
        there = [(run, grid.runs[run.pk]) for run in chosen if run.pk in grid.runs]
        series += [_series(run, metric, grid, buckets, has_envelope=not spec.smooth) for run, buckets in there]
    return series


def _series(run: Run, metric: str, grid: Grid, buckets: Buckets, *, has_envelope: bool) -> Series:
    y = np.where((buckets.count == 0) & (buckets.nonfinite > 0), GAP, buckets.mean)
    low, high = (buckets.min, buckets.max) if has_envelope and not grid.exact else (None, None)
    return Series(run, metric, grid.x, y, low, high)


def above_zero(series: Sequence[Series]) -> tuple[list[Series], int]:
    """Values ≤ 0 become gaps; a band that reaches down to them ends at the chart's smallest value. Also how many."""
    positive = [one.y[(one.y > 0) & np.isfinite(one.y)] for one in series]
    floor = min((float(values.min()) for values in positive if values.size), default=1.0)
    hidden = sum(int((one.y <= 0).sum()) for one in series)
    return [
        replace(one, y=np.where(one.y <= 0, GAP, one.y), low=None if one.low is None else clip(one.low, floor))
        for one in series
    ], hidden


def clip(values: Floats, floor: float) -> Floats:
    return np.asarray(np.where(values <= 0, floor, values))


def on_one_grid(series: Sequence[Series]) -> tuple[Floats, list[Series]]:
    """The union of all x, and every series on it; metrics may be logged at different steps."""
    if not series:
        return np.empty(0), []
    x = np.unique(np.concatenate([one.x for one in series]))
    return x, [one if np.array_equal(one.x, x) else _spread(one, x) for one in series]


def _spread(one: Series, x: Floats) -> Series:
    places = np.searchsorted(x, one.x)

    def spread(values: Floats) -> Floats:
        wide = np.full(x.size, np.nan)
        wide[places] = values
        return wide

    low, high = (None if values is None else spread(values) for values in (one.low, one.high))
    return replace(one, x=x, y=spread(one.y), low=low, high=high)
