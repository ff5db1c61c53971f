"""The ranges of a figure's axes; js/chart/limits.js has the same."""

from __future__ import annotations

import math

import numpy as np

from tracking.charts.figure import Figure
from tracking.history import Floats

NEAR_ZERO = 0.02  # of the range


def x_limits(figure: Figure) -> tuple[float, float]:
    """From the first to the last x at which a curve has a value; from 0 when the first is all but 0."""
    if not figure.x.size:
        return (0.0, 1.0)
    used = np.zeros(figure.x.size, dtype=bool)
    for curve in figure.curves:
        used |= np.isfinite(curve.y)
    x = figure.x[used] if used.any() else figure.x
    low, high = float(x.min()), float(x.max())
    if 0 < low < NEAR_ZERO * high and figure.x_kind != "time":
        low = 0.0  # the first bucket's middle is not quite the first step
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def y_limits(figure: Figure) -> tuple[float, float]:
    """All values, bands and marks, with 4 % of the height as margin."""
    arrays = [array for curve in figure.curves for array in (curve.y, curve.low, curve.high) if array is not None]
    values = np.concatenate([*arrays, np.array([mark.y for mark in figure.marks], dtype=float)])
    is_log = figure.y_scale == "log"
    values = values[np.isfinite(values) & (values > 0)] if is_log else values[np.isfinite(values)]
    if not values.size:
        return (0.1, 1.0) if is_log else (0.0, 1.0)
    if not is_log:
        return _padded(values)
    low, high = _padded(np.log10(values))
    return (10.0 ** max(low, -307), 10.0 ** min(high, 308))


def _padded(values: Floats) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * 0.04 or max(abs(high) * 0.1, 1e-12 if high else 0.5)
    return (low - margin, high + margin) if math.isfinite(high - low) else (low, high)
