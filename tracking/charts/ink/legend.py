"""The legend of a picture: rows of names that wrap, as many as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tracking.charts import palette
from tracking.charts.figure import Curve
from tracking.charts.ink.canvas import Canvas

SIZE, ROW, SWATCH, GAP, BETWEEN = 12.0, 20.0, 12.0, 6.0, 14.0
LONGEST = 260.0  # of one name
MAX_ROWS = 3


@dataclass(frozen=True)
class Entry:
    left: float
    width: float
    row: int
    text: str
    curve: Curve | None  # None for "and 7 more"


def arrange(canvas: Canvas, curves: Sequence[Curve], left: float, right: float) -> list[Entry]:
    """Where each name goes; the last entry says how many found no room."""
    entries: list[Entry] = []
    x, row = left, 0
    for curve in curves:
        text = canvas.fitting(curve.label, SIZE, min(LONGEST, right - left - SWATCH - GAP))
        width = SWATCH + GAP + canvas.width_of(text, SIZE)
        if x + width > right and x > left:
            x, row = left, row + 1
        if row == MAX_ROWS:
            return _with_rest(canvas, entries, len(curves), right)
        entries.append(Entry(x, width, row, text, curve))
        x += width + BETWEEN
    return entries


def _with_rest(canvas: Canvas, entries: list[Entry], count: int, right: float) -> list[Entry]:
    """The last names make room for “and 7 more”."""
    while True:
        last = entries[-1]
        text = _("and %(count)s more") % {"count": count - len(entries)}
        left, width = last.left + last.width + BETWEEN, canvas.width_of(text, SIZE)
        if left + width <= right or len(entries) == 1:
            return [*entries, Entry(left, width, last.row, text, None)]
        entries = entries[:-1]


def draw(canvas: Canvas, entries: Sequence[Entry], top: float) -> None:
    for entry in entries:
        middle = top + ROW * (entry.row + 0.5)
        left = entry.left
        if entry.curve is not None:
            color = palette.color(entry.curve.color, canvas.theme.name)
            canvas.dash(left, middle, SWATCH, color, 3, is_dashed=palette.is_dashed(entry.curve.color))
            left += SWATCH + GAP
        canvas.text(left, middle, entry.text, SIZE, canvas.theme.muted)
