"""A rule's threshold across the plot, and the points where it fired, each with its words."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from tracking.charts.figure import Mark
from tracking.charts.ink.fonts import drawable, font
from tracking.charts.theme import Theme

SIZE = 11.0
DASHES = (0, (4, 3))


def draw_marks(axes: Axes, theme: Theme, marks: Sequence[Mark]) -> None:
    """A line's words stand at the end where no point's words are: a live run fires at its newest step."""
    low, high = axes.get_xlim()
    middle = (low + high) / 2
    has_point_on_the_right = any(mark.x is not None and mark.x > middle for mark in marks)
    for mark in marks:
        if mark.x is None:
            axes.axhline(mark.y, color=theme.mark, linewidth=1.2, linestyle=DASHES, zorder=3)
            edge = low if has_point_on_the_right else high
            _write(axes, theme, mark.label, (edge, mark.y), (4, 5), is_left_of_it=not has_point_on_the_right)
        else:
            _draw_point(axes, theme, mark.x, mark.y)
            _write(axes, theme, mark.label, (mark.x, mark.y), (8, 8), is_left_of_it=mark.x > middle)


def _draw_point(axes: Axes, theme: Theme, x: float, y: float) -> None:
    (point,) = axes.plot([x], [y], marker="o", markersize=8, color=theme.mark, zorder=4, clip_on=False)
    point.set_markeredgecolor(theme.surface)


def _write(
    axes: Axes, theme: Theme, text: str, place: tuple[float, float], offset: tuple[float, float], *, is_left_of_it: bool
) -> None:
    """Beside and above a place, with a border in the page's colour, to be readable on top of lines."""
    label = axes.annotate(
        drawable(text),
        place,
        xytext=(-offset[0] if is_left_of_it else offset[0], offset[1]),
        textcoords="offset points",
        horizontalalignment="right" if is_left_of_it else "left",
        verticalalignment="baseline",
        color=theme.mark,
        fontproperties=font(SIZE, is_bold=True),
        parse_math=False,
        annotation_clip=False,
        zorder=5,
    )
    label.set_path_effects([withStroke(linewidth=3, foreground=theme.surface)])
