"""Smoothing of curves. js/chart/smoothing.js does the same; tests/golden/smoothing.json holds both to it."""

from __future__ import annotations

import numpy as np

from tracking.history import Floats


def smooth(values: Floats, weight: float) -> Floats:
    """Exponential moving average, debiased, over the finite values; the others stay as they are.

    After the n-th value v: last = weight · last + (1 − weight) · v; the result is last / (1 − weight ** n), so that
    the first points do not lean towards 0. The same as TensorBoard's scalar charts
    (tensorboard/components/vz_line_chart2/line-chart.ts, `resmoothDataset`).
    """
    result = values.copy()
    if weight <= 0:
        return result
    last = 0.0
    for seen, index in enumerate(np.flatnonzero(np.isfinite(values)).tolist(), start=1):
        last = weight * last + (1 - weight) * float(values[index])
        result[index] = last / (1 - weight**seen)
    return result
