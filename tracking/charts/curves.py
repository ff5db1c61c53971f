"""Curves of a figure: what each line is called, its colour, and the mean and band of groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from django.utils.translation import gettext as _

from tracking import runs
from tracking.charts.figure import Curve
from tracking.charts.grouping import fill, mean_and_band
from tracking.charts.series import Series, clip
from tracking.charts.spec import ChartSpec
from tracking.history import Floats
from tracking.models import Run


def single_curves(spec: ChartSpec, series: Sequence[Series]) -> list[Curve]:
    """One curve a run and metric. Several metrics of one run take the colours in turn; of several runs, every second
    metric is dashed in the run's colour."""
    is_one_run = len({one.run.pk for one in series}) == 1
    labels = _labels([one.run for one in series])
    curves = []
    for one in series:
        metric, color = spec.metrics.index(one.metric), one.run.number - 1
        label = labels[one.run.pk]
        if len(spec.metrics) > 1:
            label = one.metric if is_one_run else f"{label} · {one.metric}"
            color = metric if is_one_run else color % 10 + 10 * (metric % 2)
        curves.append(Curve(label, color, one.y, one.low, one.high, run=one.run.name))
    return curves


def _labels(shown: Sequence[Run]) -> dict[int, str]:
    """The runs' names, with the id where two have the same."""
    names = {run.pk: run.display_name for run in shown}
    taken = list(names.values())
    ids = {run.pk: run.name for run in shown}
    return {key: name if taken.count(name) == 1 else f"{name} ({ids[key]})" for key, name in names.items()}


def groups_of(spec: ChartSpec, series: Sequence[Series]) -> dict[str | None, set[int]]:
    """The runs (primary keys) of each value of `spec.group`: numbers by size, texts, then None for "has none"."""
    groups: dict[str | None, set[int]] = {}
    for run in {one.run.pk: one.run for one in series}.values():
        groups.setdefault(runs.text_of(run, spec.group), set()).add(run.pk)
    return dict(sorted(groups.items(), key=lambda item: _group_order(item[0])))


def grouped_curves(spec: ChartSpec, x: Floats, series: Sequence[Series]) -> list[Curve]:
    """One mean with its band a group and metric, `spec.limit` groups at most; n in the label."""
    curves = []
    groups = list(groups_of(spec, series).items())[: spec.limit]
    for number, (text, members) in enumerate(groups):
        for metric in spec.metrics:
            rows = [fill(x, one.y) for one in series if one.metric == metric and one.run.pk in members]
            if rows:
                curves.append(_mean_curve(spec, number, text, metric, np.array(rows)))
    return curves


def _mean_curve(spec: ChartSpec, number: int, text: str | None, metric: str, rows: Floats) -> Curve:
    mean, low, high = mean_and_band(rows, spec.band)
    if spec.scale == "log":
        low = clip(low, float(np.nanmin(rows)) if np.isfinite(rows).any() else 1.0)
    name, color = _group_label(spec, text), number
    if len(spec.metrics) > 1:
        name, color = f"{name} · {metric}", number % 10 + 10 * (spec.metrics.index(metric) % 2)
    return Curve(f"{name} (n={len(rows)})", color, mean, low, high, count=len(rows))


def _group_order(text: str | None) -> tuple[int, float, str]:
    """Numbers by size, then texts, then the runs without a value."""
    if text is None:
        return (2, 0.0, "")
    try:
        return (0, float(text), text)
    except ValueError:
        return (1, 0.0, text)


def _group_label(spec: ChartSpec, text: str | None) -> str:
    name = spec.group.removeprefix("config.")
    if text is None:
        return _("no %(name)s") % {"name": name}
    return f"{name} = {text}" if spec.group.startswith("config.") else text
