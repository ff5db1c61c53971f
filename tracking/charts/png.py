"""A figure as a picture, PNG or SVG, drawn by matplotlib in the page's fonts and colours.

matplotlib takes about half a second to import and is not thread-safe: only workers' modules (tasks, the outbox, the
renderings of reports) may import this one, never a view or anything that the web process loads.
Equal figures become equal bytes, with the same version of matplotlib.
"""

from __future__ import annotations

from tracking.charts.figure import Figure
from tracking.charts.ink import legend
from tracking.charts.ink.canvas import Canvas, Format, steady
from tracking.charts.ink.plot import draw_plot
from tracking.charts.theme import THEMES

SIZE = (720, 380)  # pixels of a screen
MARGIN = 16.0
TITLE_SIZE, SUBTITLE_SIZE, NOTE_SIZE = 13.5, 11.5, 11.5


def draw(
    figure: Figure, format: Format = "png", theme: str = "light", size: tuple[int, int] = SIZE, scale: float = 2
) -> bytes:
    """`size` in pixels of a screen; a PNG has `scale` times as many dots. `theme` is light or dark."""
    with steady():
        canvas = Canvas(*size, THEMES[theme])
        top = _draw_title(canvas, figure)
        bottom = canvas.height - 10.0
        if figure.curves:
            bottom = _draw_notes(canvas, figure, bottom)
            bottom = _draw_legend(canvas, figure, bottom)
            draw_plot(canvas, figure, MARGIN, top, canvas.width - MARGIN, bottom - 26)
        else:
            _draw_emptiness(canvas, figure, top, bottom)
        return canvas.save(format, scale)


def _draw_title(canvas: Canvas, figure: Figure) -> float:
    """Title and, beside it, subtitle; returns where the plot may begin."""
    if not figure.title:
        return MARGIN
    space = canvas.width - 2 * MARGIN
    title = canvas.fitting(figure.title, TITLE_SIZE, space, is_bold=True)
    used = canvas.text(MARGIN, 21, title, TITLE_SIZE, canvas.theme.text, is_bold=True) + 10
    if figure.subtitle and space - used > 60:
        subtitle = canvas.fitting(figure.subtitle, SUBTITLE_SIZE, space - used)
        canvas.text(MARGIN + used, 21, subtitle, SUBTITLE_SIZE, canvas.theme.muted)
    return 44.0


def _draw_notes(canvas: Canvas, figure: Figure, bottom: float) -> float:
    """At the foot of the picture; returns where they begin."""
    for note in reversed(figure.notes):
        text = canvas.fitting(note, NOTE_SIZE, canvas.width - 2 * MARGIN)
        canvas.text(MARGIN, bottom - 9, text, NOTE_SIZE, canvas.theme.muted)
        bottom -= 18
    return bottom


def _draw_legend(canvas: Canvas, figure: Figure, bottom: float) -> float:
    entries = legend.arrange(canvas, figure.curves, MARGIN, canvas.width - MARGIN)
    top = bottom - legend.ROW * (1 + max(entry.row for entry in entries))
    legend.draw(canvas, entries, top)
    return top


def _draw_emptiness(canvas: Canvas, figure: Figure, top: float, bottom: float) -> None:
    """A chart without curves says why, in the middle."""
    middle = (top + bottom) / 2 - 9 * (len(figure.notes) - 1)
    for index, note in enumerate(figure.notes):
        text = canvas.fitting(note, TITLE_SIZE, canvas.width - 2 * MARGIN)
        canvas.text(canvas.width / 2, middle + 20 * index, text, TITLE_SIZE, canvas.theme.muted, align="center")
