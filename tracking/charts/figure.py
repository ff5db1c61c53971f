"""Figure: everything two renderers could disagree on, already computed. A value: no request, no database."""

from __future__ import annotations

from dataclasses import dataclass, field

from tracking.history import Floats


@dataclass(frozen=True)
class Curve:
    """One line: `y` on the figure's `x`, NaN where there is nothing. `low` and `high` are the band, if any."""

    label: str
    color: int  # index into tracking.charts.palette
    y: Floats
    low: Floats | None = None
    high: Floats | None = None
    run: str = ""  # run id, "" for a group's mean
    count: int = 1  # runs behind it


@dataclass(frozen=True)
class Mark:
    """A horizontal line (a rule's threshold) or a point (where it fired)."""

    y: float
    x: float | None = None
    label: str = ""


@dataclass(frozen=True)
class Figure:
    title: str
    subtitle: str
    x_label: str
    y_label: str
    x_kind: str  # "number", "time" (seconds since 1970) or "duration" (seconds)
    y_scale: str  # "linear" or "log"
    x: Floats
    curves: tuple[Curve, ...]
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = field(default=())  # "12 of 40 runs", "no run has logged val/los"
