"""Smoothing, means and bands against numbers worked out elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.charts.figure import GAP
from tracking.charts.grouping import fill, mean_and_band
from tracking.charts.smoothing import smooth
from tracking.history import Floats

GOLDEN = Path(__file__).parents[2] / "golden"
nan = np.nan


def test_smoothing_agrees_with_the_golden_values_shared_with_the_browser() -> None:
    for case in json.loads((GOLDEN / "smoothing.json").read_text()):
        values, expected = _floats(case["values"]), _floats(case["smoothed"])
        np.testing.assert_allclose(smooth(values, case["weight"]), expected, rtol=1e-12)


def _floats(values: list[float | str | None]) -> Floats:
    return np.array([nan if value is None else GAP if value == "gap" else value for value in values], dtype=float)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0, 0.999))
def test_a_smoothed_curve_starts_at_its_first_value_and_stays_inside_its_range(values: list[float], w: float) -> None:
    smoothed = smooth(np.array(values), w)
    assert smoothed[0] == pytest.approx(values[0])
    slack = 1e-6 * (1 + max(map(abs, values)))
    assert min(values) - slack <= smoothed.min() <= smoothed.max() <= max(values) + slack


def test_filling_interpolates_between_a_runs_values_but_not_beyond_and_not_over_gaps() -> None:
    x = np.arange(7.0)
    np.testing.assert_array_equal(fill(x, np.array([nan, 1, nan, 3, GAP, 5, nan])), [nan, 1, 2, 3, nan, 5, nan])
    assert np.isnan(fill(x, np.full(7, nan))).all()


@pytest.mark.parametrize(
    ("band", "reach"),
    [
        ("std", 2.0),
        ("sem", 2 / 3**0.5),
        ("ci95", 4.303 * 2 / 3**0.5),  # t(0.975, 2) = 4.303
    ],
)
def test_a_band_is_as_wide_as_its_formula_says(band: str, reach: float) -> None:
    rows = np.array([[1.0, nan, 1.0], [3.0, nan, nan], [5.0, 7.0, nan]])
    mean, low, high = mean_and_band(rows, band)
    np.testing.assert_array_equal(mean, [3, 7, 1])
    np.testing.assert_allclose(low, [3 - reach, nan, nan])
    np.testing.assert_allclose(high, [3 + reach, nan, nan])


def test_minmax_is_the_extremes() -> None:
    mean, low, high = mean_and_band(np.array([[1.0, 4.0, nan], [2.0, nan, nan], [6.0, 2.0, nan]]), "minmax")
    np.testing.assert_array_equal(mean, [3, 3, nan])
    np.testing.assert_array_equal(low, [1, 2, nan])
    np.testing.assert_array_equal(high, [6, 4, nan])


def test_the_confidence_interval_of_many_runs_comes_near_the_normal_distributions() -> None:
    rows = np.array([[-1.0], [1.0]] * 50)
    _mean, _low, high = mean_and_band(rows, "ci95")
    assert high[0] == pytest.approx(1.9842 * np.std(rows, ddof=1) / 10, rel=1e-3)  # t(0.975, 99) = 1.9842
