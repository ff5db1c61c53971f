"""Charts for messages, drawn by matplotlib. Only workers import this."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from notifications.conditions import Condition
from notifications.words import rounded
from tracking.charts.build import build
from tracking.charts.figure import Curve, Figure, Mark
from tracking.charts.png import draw
from tracking.charts.spec import ChartSpec
from tracking.models import Run

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Picture:
    """A PNG with its description; or none, and why."""

    png: bytes | None
    alt: str = ""
    problem: str = ""


def of_crossing(run: Run, condition: Condition, *, step: float, value: float) -> Picture:
    """The metric with the rule's line and the point where it fired."""
    facts = {"metric": condition.metric, "run": run.display_name, "threshold": rounded(condition.threshold)}
    alt = _("Chart of %(metric)s of %(run)s with the line at %(threshold)s") % facts
    line = Mark(y=condition.threshold, label=f"{condition.comparison} {rounded(condition.threshold)}")
    point = Mark(y=value, x=step, label=rounded(value))
    return _picture(alt, lambda: _figure(run, condition.metric, line, point))


def of_metric(run: Run, metric: str, threshold: float | None = None) -> Picture:
    """The metric, with a line at `threshold` if there is one."""
    alt = _("Chart of %(metric)s of %(run)s") % {"metric": metric, "run": run.display_name}
    marks = () if threshold is None else (Mark(y=threshold, label=rounded(threshold)),)
    return _picture(alt, lambda: _figure(run, metric, *marks))


def example() -> Picture:
    """A curve as training makes it, to prove that a channel shows pictures."""
    x = np.arange(0.0, 200.0)
    figure = Figure(
        title=_("An example"),
        subtitle="",
        x_label=_("Step"),
        y_label="loss",
        x_kind="number",
        y_scale="linear",
        x=x,
        curves=(Curve(label=_("example"), color=1, y=0.25 + 1.75 * np.exp(-x / 35) + 0.04 * np.sin(x * 1.7)),),
    )
    return _picture(_("An example chart: a falling loss"), lambda: figure)


def _figure(run: Run, metric: str, *marks: Mark) -> Figure:
    return build(ChartSpec(metrics=(metric,)), Run.objects.filter(pk=run.pk), marks=marks)


def _picture(alt: str, figure: Callable[[], Figure]) -> Picture:
    """Any trouble with a chart ends here, as a note in the message and a line in the log."""
    try:
        return Picture(draw(figure()), alt)
    except Exception as problem:
        logger.exception("no picture: %s", alt)
        return Picture(None, problem=_("The chart could not be drawn: %(why)s") % {"why": problem})
