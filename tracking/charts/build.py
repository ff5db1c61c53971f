"""Build a Figure from a ChartSpec: choose runs, read their history, smooth, group, and say what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tracking import history, runs
from tracking.charts.curves import grouped_curves, groups_of, single_curves
from tracking.charts.figure import Figure, Mark
from tracking.charts.series import Series, above_zero, on_one_grid, read, stream_of, x_key_of
from tracking.charts.smoothing import smooth
from tracking.charts.spec import MAX_CURVES, ChartSpec
from tracking.charts.view import WIDTH, View
from tracking.models import Run

MAX_GROUPED_RUNS = 500  # runs that the groups of one chart are made of
X_KINDS = {"_timestamp": "time", "_runtime": "duration"}


def build(
    spec: ChartSpec,
    queryset: QuerySet[Run],
    *,
    width: int = WIDTH,
    start: float | None = None,
    stop: float | None = None,
    marks: Sequence[Mark] = (),
) -> Figure:
    """The figure of an (already visible) queryset's runs. `start` and `stop` bound x; `width` is its resolution.

    Raises RunQueryError. A metric that nobody logged is a note in the figure, not an error.
    """
    view = View(width, start, stop)
    chosen = runs.select(queryset.select_related("user"), spec.runs, limit=_limit(spec))
    series = read(spec, chosen.runs, view)
    notes = [*_notes_on_runs(spec, chosen), *_notes_on_metrics(spec, view, chosen.runs, series)]
    if spec.scale == "log":
        series, hidden = above_zero(series)
        if hidden:
            notes.append(_("A log axis cannot show values of 0 and below: %(count)s left out.") % {"count": hidden})
    x, series = on_one_grid(series)
    series = [replace(one, y=smooth(one.y, spec.smooth)) for one in series]
    if spec.group:
        notes += _notes_on_groups(spec, series)
    x_key = x_key_of(spec)
    return Figure(
        title=spec.title or ", ".join(spec.metrics),
        subtitle=_subtitle(spec),
        x_label=_x_label(x_key),
        y_label=spec.metrics[0] if len(spec.metrics) == 1 else "",
        x_kind=X_KINDS.get(x_key, "number"),
        y_scale=spec.scale,
        x=x,
        curves=tuple(grouped_curves(spec, x, series) if spec.group else single_curves(spec, series)),
        marks=tuple(marks),
        notes=tuple(notes),
    )


def _limit(spec: ChartSpec) -> int:
    """A limit in the run query counts, unless the chart names one of its own."""
    if spec.group:
        return MAX_GROUPED_RUNS
    written = runs.limit_in(spec.runs)
    return min(written, MAX_CURVES) if written and spec.limit == ChartSpec.limit else spec.limit


def _subtitle(spec: ChartSpec) -> str:
    bands = {
        "std": _("band: standard deviation"),
        "sem": _("band: standard error"),
        # xgettext:no-python-format
        "ci95": _("band: 95% confidence interval"),
        "minmax": _("band: min–max"),
    }
    parts = [_("smoothed %(weight)s") % {"weight": f"{spec.smooth:g}"}] if spec.smooth else []
    if spec.group:
        parts += [_("mean by %(group)s") % {"group": spec.group}, bands[spec.band]]
    return ", ".join(parts)


def _x_label(x_key: str) -> str:
    labels = {"_step": _("Step"), "_timestamp": _("Time"), "_runtime": _("Time since the start")}
    return labels.get(x_key, x_key)


def _notes_on_runs(spec: ChartSpec, chosen: runs.Selection) -> list[str]:
    if not chosen.total:
        return [_("There are no runs here yet.")]
    if not chosen.runs:
        return [_("No run matches “%(query)s”.") % {"query": spec.runs}]
    if len(chosen.runs) < chosen.matching:
        return [_("%(shown)s of %(all)s runs") % {"shown": len(chosen.runs), "all": chosen.matching}]
    return []


def _notes_on_groups(spec: ChartSpec, series: Sequence[Series]) -> list[str]:
    count = len(groups_of(spec, series))
    return [_("%(shown)s of %(all)s groups") % {"shown": spec.limit, "all": count}] if count > spec.limit else []


def _notes_on_metrics(spec: ChartSpec, view: View, chosen: Sequence[Run], series: Sequence[Series]) -> list[str]:
    """For each metric that no run has: that, and the name that was probably meant."""
    drawn = {one.metric for one in series}
    missing = [metric for metric in spec.metrics if metric not in drawn]
    if not missing or not chosen:
        return []
    if view.is_zoomed:
        return [] if drawn else [_("There are no values in this range.")]
    return [_note_on_metric(metric, chosen) for metric in missing]


def _note_on_metric(metric: str, chosen: Sequence[Run]) -> str:
    note = _("No run here has logged “%(metric)s” as a number.") % {"metric": metric}
    known = {name for run in chosen[:5] for name in history.keys(run.pk, stream_of(metric))} - {metric}
    close = get_close_matches(metric, sorted(known), n=1)
    return f"{note} " + _("Did you mean “%(metric)s”?") % {"metric": close[0]} if close else note
