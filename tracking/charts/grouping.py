"""The mean of several runs with a band that says how far they differ."""

from __future__ import annotations

import numpy as np

from tracking.history import Floats

# Two-sided 95 % quantiles of Student's t for 1 … 30 degrees of freedom (NIST/SEMATECH e-Handbook of Statistical
# Methods, 1.3.6.7.2), then the normal distribution's with the first term of Cornish and Fisher's expansion.
T95 = np.array(
    """nan 12.706 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262 2.228 2.201 2.179 2.160 2.145 2.131
    2.120 2.110 2.101 2.093 2.086 2.080 2.074 2.069 2.064 2.060 2.056 2.052 2.048 2.045 2.042""".split(),
    dtype=float,
)
Z95 = 1.959964


def fill(x: Floats, y: Floats) -> Floats:
    """`y` with the places between a run's own values interpolated, so that runs logged at other steps can be averaged.

    NaN before the first and after the last value, and where the line has a gap.
    """
    there = np.isfinite(y)
    if not there.any():
        return np.full_like(y, np.nan)
    filled = np.interp(x, x[there], y[there], left=np.nan, right=np.nan)
    filled[np.isinf(y)] = np.nan
    return filled


def mean_and_band(rows: Floats, band: str) -> tuple[Floats, Floats, Floats]:
    """Mean, low and high of each column of `rows` (runs × positions, NaN where a run has no value).

    std: ± sample standard deviation; sem: ± standard error of the mean; ci95: 95 % confidence interval of the mean by
    Student's t; minmax: the extremes. Low and high are NaN where fewer than two runs have a value.
    """
    there = np.isfinite(rows)
    n = there.sum(axis=0)
    filled = np.where(there, rows, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n > 0, filled.sum(axis=0) / n, np.nan)
        if band == "minmax":
            low = np.where(there, rows, np.inf).min(axis=0)
            high = np.where(there, rows, -np.inf).max(axis=0)
        else:
            squares = np.where(there, (rows - mean) ** 2, 0.0).sum(axis=0)
            reach = np.sqrt(squares / (n - 1)) * _factor(band, n)
            low, high = mean - reach, mean + reach
    return mean, np.where(n > 1, low, np.nan), np.where(n > 1, high, np.nan)


def _factor(band: str, n: np.ndarray[tuple[int, ...], np.dtype[np.int_]]) -> Floats:
    """What the standard deviation of n values is multiplied with."""
    if band == "std":
        return np.ones(n.shape)
    degrees = np.maximum(n - 1, 1)
    far = Z95 + (Z95**3 + Z95) / (4 * degrees)
    t = np.where(degrees < len(T95), T95[np.minimum(degrees, len(T95) - 1)], far)
    return np.asarray(np.where(band == "ci95", t, 1.0) / np.sqrt(n))
