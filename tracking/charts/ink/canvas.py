"""A picture measured in pixels from its top left corner, on matplotlib's object interface (no pyplot, no global state).

At 72 dots an inch one point is one pixel, so every size below is in pixels of a screen; `scale` multiplies the dots.
"""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from typing import Any, Literal

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from tracking.charts.ink.fonts import drawable, font
from tracking.charts.theme import Theme

DOTS_PER_INCH = 72
# Set for the time of drawing. Text in SVG is outlines, so that it looks the same where our fonts are not installed;
# the salt makes ids, and so the bytes of an SVG, the same every time.
SETTINGS: dict[Any, Any] = {"svg.fonttype": "path", "svg.hashsalt": "debrief", "text.parse_math": False}
# Without the date and version that would make the bytes of equal pictures differ.
METADATA = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}

Format = Literal["png", "svg"]


class Canvas:
    def __init__(self, width: int, height: int, theme: Theme) -> None:
        self.width, self.height, self.theme = width, height, theme
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=DOTS_PER_INCH, facecolor=theme.surface)
        self._ruler: RendererAgg = FigureCanvasAgg(self.figure).get_renderer()  # type: ignore[no-untyped-call]

    def text(
        self,
        left: float,
        middle: float,
        text: str,
        size: float,
        color: str,
        *,
        is_bold: bool = False,
        align: str = "left",
    ) -> float:
        """Write one line, vertically centred on `middle`; returns its width."""
        line = self.figure.text(
            left / self.width,
            1 - middle / self.height,
            drawable(text),
            fontproperties=font(size, is_bold=is_bold),
            color=color,
            horizontalalignment=align,
            verticalalignment="center_baseline",
            parse_math=False,
        )
        return float(line.get_window_extent(self._ruler).width)

    def width_of(self, text: str, size: float, *, is_bold: bool = False) -> float:
        style = font(size, is_bold=is_bold)
        return float(self._ruler.get_text_width_height_descent(drawable(text), style, ismath=False)[0])  # type: ignore[no-untyped-call]

    def fitting(self, text: str, size: float, space: float, *, is_bold: bool = False) -> str:
        """The text, cut with “…” where it is wider than `space`."""
        if self.width_of(text, size, is_bold=is_bold) <= space:
            return text
        low, high = 0, len(text)
        while low < high:  # the longest beginning that fits
            middle = (low + high + 1) // 2
            if self.width_of(text[:middle] + "…", size, is_bold=is_bold) <= space:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip() + "…"

    def dash(self, left: float, middle: float, length: float, color: str, thickness: float, *, is_dashed: bool) -> None:
        """A short piece of a curve, for the legend."""
        y = 1 - middle / self.height
        ends = (left / self.width, (left + length) / self.width)
        line = Line2D(ends, (y, y), color=color, linewidth=thickness, transform=self.figure.transFigure)
        if is_dashed:
            line.set_dashes((1.4, 0.9))
        self.figure.add_artist(line)

    def plot(self, left: float, top: float, right: float, bottom: float) -> Axes:
        """Empty axes between these lines."""
        box = (left / self.width, 1 - bottom / self.height, (right - left) / self.width, (bottom - top) / self.height)
        axes = self.figure.add_axes(box, facecolor="none")
        axes.set_axis_off()
        return axes

    def save(self, format: Format, scale: float) -> bytes:
        buffer = io.BytesIO()
        dots = DOTS_PER_INCH * (scale if format == "png" else 1)
        self.figure.savefig(
            buffer, format=format, dpi=dots, facecolor=self.theme.surface, metadata=METADATA[format], bbox_inches=None
        )
        return buffer.getvalue()


def steady() -> AbstractContextManager[None]:
    """The settings under which equal figures become equal bytes; to be held while drawing and saving."""
    return matplotlib.rc_context(SETTINGS)
