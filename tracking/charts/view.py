"""View: the part of a chart somebody looks at, and how fine. Not in the spec: zooming changes no document."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from tracking.charts.spec import SpecError

WIDTH, MAX_WIDTH = 1000, 4000


@dataclass(frozen=True)
class View:
    """`width` is the number of x positions, about one a pixel; `start` and `stop` bound x, in its own unit."""

    width: int = WIDTH
    start: float | None = None
    stop: float | None = None

    @property
    def is_zoomed(self) -> bool:
        return self.start is not None or self.stop is not None


def from_query(query: QueryDict) -> View:
    """From `?width=800&start=100&stop=2000`, each of them optional. Raises SpecError."""
    width = _number(query, "width")
    return View(
        width=WIDTH if width is None else int(min(max(width, 50), MAX_WIDTH)),
        start=_number(query, "start"),
        stop=_number(query, "stop"),
    )


def _number(query: QueryDict, name: str) -> float | None:
    if not query.get(name):
        return None
    try:
        number = float(str(query[name]))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise SpecError(name, _("Write a number."))
    return number
