"""Where an axis has its marks and what they say: 0, 5000, 10k; 1e-4; 1h 30m; 11-20. No dependency on a renderer.

js/chart/ticks.js writes numbers and durations the same way; tests/golden/ticks.json holds both to it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

MINUTE, HOUR, DAY = 60, 3600, 86400
DURATION_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
LAST_MOMENT = 253_402_300_800  # the year 10000; what is beyond was no time but a number
UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True)
class Tick:
    value: float
    label: str


def ticks(low: float, high: float, *, kind: str, scale: str, count: int) -> list[Tick]:
    """At most about `count` ticks in low … high of an axis. `kind` is a Figure's x_kind, `scale` its y_scale."""
    if not low < high:
        return [Tick(low, number(low))]
    if scale == "log" and low > 0:
        return _log(low, high, count)
    if kind in {"time", "duration"} and high - low > 1:
        step = _time_step((high - low) / count)
        values = _multiples(low, high, step)
        return [Tick(value, moment(value, step) if kind == "time" else duration(value, step)) for value in values]
    step = _nice((high - low) / count)
    values = _multiples(low, high, step)
    return [Tick(value, text) for value, text in zip(values, numbers(values, step), strict=True)]


def numbers(values: list[float], step: float) -> list[str]:
    """Labels of an axis with marks every `step`; small numbers as 4e-4 when all of them are small."""
    largest = max(map(abs, values), default=0.0)
    return [number(value, step, is_small=largest < 1e-3) for value in values]


def number(value: float, step: float | None = None, *, is_small: bool | None = None) -> str:
    """5000, 10k, 2.5M, 0.2, 4e-4; as many digits as `step` needs, four significant ones without it."""
    size = abs(value)
    if size == 0 or not math.isfinite(value):
        return "0" if size == 0 else str(value)
    if step is None:
        step = 10 ** (math.floor(math.log10(size)) - 3)
    if size < (1e-3 if is_small is None or is_small else 0) or size >= 1e15:
        exponent = math.floor(math.log10(size) + 1e-9)
        return f"{_fixed(value / 10.0**exponent, step / 10.0**exponent)}e{exponent}"
    unit, letter = next(((unit, letter) for unit, letter in UNITS if size >= unit), (1.0, ""))
    if letter == "k" and size < 1e4:
        unit, letter = 1.0, ""
    return _fixed(value / unit, step / unit) + letter


def duration(seconds: float, step: float = 0) -> str:
    """45s, 5m, 1h 30m, 2d 6h; parts below `step` (seconds) are left out."""
    if seconds == 0:
        return "0"
    if seconds < 0:
        return "-" + duration(-seconds, step)
    if seconds < 10 and not (step >= 1 and float(seconds).is_integer()):
        return f"{_fixed(seconds, step or 0.01)}s"
    rest = round(seconds)
    parts = []
    for unit, letter in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (1, "s")):
        whole, rest = divmod(rest, unit)
        if whole:
            parts.append(f"{whole}{letter}")
    return " ".join(parts[:2])


def moment(seconds: float, step: float) -> str:
    """A point in time (UTC): the date at midnight and for steps of days, else the time of day."""
    if not 0 <= seconds < LAST_MOMENT:
        return number(seconds)
    when = datetime.fromtimestamp(seconds, UTC)
    if step >= DAY or (when.hour, when.minute, when.second) == (0, 0, 0):
        return f"{when:%Y-%m-%d}" if step >= 100 * DAY else f"{when:%m-%d}"
    return f"{when:%H:%M}" if step >= MINUTE else f"{when:%H:%M:%S}"


def _log(low: float, high: float, count: int) -> list[Tick]:
    """1, 2, 5 of each power of ten, or only the powers where that would be too many."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    stride = max(1, math.ceil((last - first) / count))
    powers = [10.0**exponent for exponent in range(first, last + 1)]
    fine = [value for power in powers for value in (power, 2 * power, 5 * power) if low <= value <= high]
    coarse = [10.0**exponent for exponent in range(first, last + 1) if exponent % stride == 0]
    coarse = [value for value in coarse if low <= value <= high]
    if len(fine) < 2:
        return ticks(low, high, kind="number", scale="linear", count=count)  # too narrow for 1, 2, 5
    values = coarse if len(fine) > count + 1 and len(coarse) > 1 else fine
    return [Tick(value, number(value)) for value in values]


def _nice(least: float) -> float:
    """The smallest of 1, 2, 5 × 10ⁿ that is at least this."""
    power: float = 10.0 ** math.floor(math.log10(least))
    return next((factor * power for factor in (1, 2, 5) if factor * power >= least * (1 - 1e-9)), 10 * power)


def _time_step(least: float) -> float:
    return next((step for step in DURATION_STEPS if step >= least), None) or DAY * _nice(least / DAY)


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def _fixed(value: float, step: float) -> str:
    """With the decimals that `step` has, without trailing zeros."""
    decimals = next((d for d in range(12) if abs(step * 10**d - round(step * 10**d)) < 1e-6 * step * 10**d), 12)
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
