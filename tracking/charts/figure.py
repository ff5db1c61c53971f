"""Figure: everything two renderers could disagree on, already computed. A value: no request, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tracking.history import Floats

GAP = np.inf  # a value that breaks the line; NaN does not, see Curve


@dataclass(frozen=True)
class Curve:
    """One line on the figure's `x`.

    `y` is NaN where there is no value: runs log at different steps, the line goes on to its next value. It is GAP
    where the line breaks: the run logged NaN or an infinity there, or a value ≤ 0 on a log axis.
    `low` and `high` are the band, if any, NaN where there is none.
    """

    label: str
    color: int  # index into tracking.charts.palette
    y: Floats
    low: Floats | None = None
    high: Floats | None = None
    run: str = ""  # run id, "" for a group's mean
    count: int = 1  # runs behind it


@dataclass(frozen=True)
class Mark:
    """A horizontal line (a rule's threshold), or with `x` a point (where it fired)."""

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


def to_json(figure: Figure) -> dict[str, Any]:
    """The figure as JSON values, for an edition to keep. NaN is null, GAP is "gap", floats keep every digit."""
    return {
        "title": figure.title,
        "subtitle": figure.subtitle,
        "x_label": figure.x_label,
        "y_label": figure.y_label,
        "x_kind": figure.x_kind,
        "y_scale": figure.y_scale,
        "x": _to_list(figure.x),
        "curves": [
            {
                "label": curve.label,
                "color": curve.color,
                "run": curve.run,
                "count": curve.count,
                "y": _to_list(curve.y),
                "low": None if curve.low is None else _to_list(curve.low),
                "high": None if curve.high is None else _to_list(curve.high),
            }
            for curve in figure.curves
        ],
        "marks": [{"y": mark.y, "x": mark.x, "label": mark.label} for mark in figure.marks],
        "notes": list(figure.notes),
    }


def from_json(data: dict[str, Any]) -> Figure:
    """The figure that `to_json` was given."""
    return Figure(
        **{
            **data,
            "x": _from_list(data["x"]),
            "curves": tuple(_curve(curve) for curve in data["curves"]),
            "marks": tuple(Mark(**mark) for mark in data["marks"]),
            "notes": tuple(data["notes"]),
        }
    )


def _curve(data: dict[str, Any]) -> Curve:
    arrays = {name: None if data[name] is None else _from_list(data[name]) for name in ("y", "low", "high")}
    return Curve(**{**data, **arrays})


def _to_list(values: Floats) -> list[float | str | None]:
    return [None if value != value else "gap" if value == GAP else value for value in values.tolist()]


def _from_list(values: list[float | str | None]) -> Floats:
    return np.array([np.nan if value is None else GAP if value == "gap" else value for value in values], dtype=float)
