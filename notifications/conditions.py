"""When a condition fires: pure functions over the values a run logs."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Number = int | float

# The strings are those of notifications.models.Rule.Comparison.
COMPARISONS: dict[str, Callable[[Number, Number], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Condition:
    """`metric` compared with `threshold`, for example val/loss > 0.5."""

    metric: str
    comparison: str
    threshold: float

    def holds(self, value: Number) -> bool:
        return COMPARISONS[self.comparison](value, self.threshold)


@dataclass(frozen=True)
class Crossing:
    """A line where the condition became true. `step` is the row's own `_step`, its line number if that is no step."""

    line: int
    step: Number
    value: Number


@dataclass(frozen=True)
class Verdict:
    """What some rows did to a condition: every rising edge in them, and where they left it."""

    crossings: tuple[Crossing, ...]
    is_true: bool


def judge(condition: Condition, was_true: bool, first_line: int, rows: Iterable[Mapping[str, Any]]) -> Verdict:
    """Follow the condition through rows `first_line …`: it fires on an edge, when it becomes true after being false.

    A row without the metric and a NaN say nothing: they neither fire nor clear.
    """
    crossings = []
    for line, row in enumerate(rows, start=first_line):
        value = value_of(row, condition.metric)
        if value is None:
            continue
        is_true = condition.holds(value)
        if is_true and not was_true:
            step = value_of(row, "_step")
            crossings.append(Crossing(line, line if step is None or math.isinf(step) else step, value))
        was_true = is_true
    return Verdict(tuple(crossings), was_true)


def value_of(row: Mapping[str, Any], metric: str) -> Number | None:
    """The row's number under that name, where nested mappings are written `a.b.c`.

    None for NaN, for an integer that no float can hold, and for anything else.
    """
    value: Any = row.get(metric)
    if value is None and "." in metric:
        value = _nested(row, metric)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return None if math.isnan(value) else value
    except OverflowError:
        return None


def _nested(row: Mapping[str, Any], metric: str) -> Any:
    """Keys may hold dots themselves, so every split of the name is tried, the shortest first part first."""
    parts = metric.split(".")
    for count in range(1, len(parts)):
        inner = row.get(".".join(parts[:count]))
        if isinstance(inner, Mapping):
            rest = ".".join(parts[count:])
            value = inner.get(rest)
            return value if value is not None else _nested(inner, rest)
    return None
