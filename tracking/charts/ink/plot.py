"""The plot of a picture: grid and tick labels, bands, lines, thresholds and fire points."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from tracking.charts import palette
from tracking.charts.figure import Curve, Figure
from tracking.charts.ink.canvas import Canvas
from tracking.charts.ink.fonts import font
from tracking.charts.ink.marks import draw_marks
from tracking.charts.limits import x_limits, y_limits
from tracking.charts.theme import Theme
from tracking.charts.ticks import Tick, ticks
from tracking.history import Floats

TICK_SIZE = 11.0
MOST_ROWS, MOST_COLUMNS = 8, 12  # of tick labels, however large the picture
MANY = 8  # curves; above it lines are thinner
BAND_OPACITY = 0.17
DASHES = (4.0, 3.0)  # pixels on, off


def draw_plot(canvas: Canvas, figure: Figure, left: float, top: float, right: float, bottom: float) -> None:
    """Everything between the title and the legend. `left` is where the y labels may begin."""
    y_low, y_high = y_limits(figure)
    y_ticks = ticks(
        y_low, y_high, kind="number", scale=figure.y_scale, count=max(2, min(MOST_ROWS, int((bottom - top) / 32)))
    )
    left += max((canvas.width_of(tick.label, TICK_SIZE) for tick in y_ticks), default=0.0) + 8
    x_low, x_high = x_limits(figure)
    x_ticks = ticks(
        x_low, x_high, kind=figure.x_kind, scale="linear", count=max(2, min(MOST_COLUMNS, int((right - left) / 78)))
    )
    axes = canvas.plot(left, top, right, bottom)
    axes.set_yscale("log" if figure.y_scale == "log" else "linear")
    axes.set_xlim(x_low, x_high)
    axes.set_ylim(y_low, y_high)
    axes.set_axis_off()
    axes.margins(0)
    _draw_y_ticks(axes, canvas.theme, y_ticks)
    _draw_x_ticks(canvas, axes, figure, x_ticks, right, bottom)
    width = 1.0 if len(figure.curves) > MANY else 1.6
    for curve in figure.curves:
        _draw_band(axes, figure.x, curve, palette.color(curve.color, canvas.theme.name))
    for curve in figure.curves:
        _draw_line(axes, figure.x, curve, palette.color(curve.color, canvas.theme.name), width)
    draw_marks(axes, canvas.theme, figure.marks)


def _draw_y_ticks(axes: Axes, theme: Theme, y_ticks: list[Tick]) -> None:
    for tick in y_ticks:
        axes.axhline(tick.value, color=theme.grid, linewidth=1, zorder=0)
        axes.annotate(
            tick.label,
            (0, tick.value),
            xycoords=("axes fraction", "data"),
            xytext=(-8, 0),
            textcoords="offset points",
            horizontalalignment="right",
            verticalalignment="center_baseline",
            color=theme.ticks,
            fontproperties=font(TICK_SIZE),
            annotation_clip=False,
        )


def _draw_x_ticks(canvas: Canvas, axes: Axes, figure: Figure, x_ticks: list[Tick], right: float, bottom: float) -> None:
    """Labels below the plot; the axis' name ends the row and takes the place of the labels it would touch."""
    middle = bottom + 14
    name = f"{figure.x_label} (UTC)" if figure.x_kind == "time" else figure.x_label
    edge = right - canvas.text(right, middle, name, TICK_SIZE, canvas.theme.ticks, align="right") - 12
    for tick in x_ticks:
        place = float(axes.transData.transform((tick.value, axes.get_ylim()[0]))[0])
        half = canvas.width_of(tick.label, TICK_SIZE) / 2
        if place + half <= edge:
            canvas.text(place, middle, tick.label, TICK_SIZE, canvas.theme.ticks, align="center")


def _draw_band(axes: Axes, x: Floats, curve: Curve, color: str) -> None:
    if curve.low is None or curve.high is None:
        return
    there = np.isfinite(curve.low) & np.isfinite(curve.high) | np.isinf(curve.y)
    low, high = (np.where(np.isinf(curve.y), np.nan, array)[there] for array in (curve.low, curve.high))
    axes.fill_between(x[there], low, high, color=color, alpha=BAND_OPACITY, linewidth=0, zorder=1)


def _draw_line(axes: Axes, x: Floats, curve: Curve, color: str, width: float) -> None:
    there = ~np.isnan(curve.y)
    x, y = x[there], np.where(np.isinf(curve.y), np.nan, curve.y)[there]
    (line,) = axes.plot(x, y, color=color, linewidth=width, solid_joinstyle="round", zorder=2)
    if palette.is_dashed(curve.color):
        line.set_dashes([length / width for length in DASHES])  # in line widths
    alone = _is_alone(y)
    axes.plot(x[alone], y[alone], linestyle="none", marker="o", markersize=4, color=color, zorder=2)


def _is_alone(y: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Values without a neighbour: no line leads to them, so they are drawn as points."""
    there = np.isfinite(y)
    before = np.concatenate([[False], there[:-1]])
    after = np.concatenate([there[1:], [False]])
    return np.asarray(there & ~before & ~after)
