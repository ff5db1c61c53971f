from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.tracking.charts.golden import FIGURES, floats
from tracking.charts.figure import GAP, Curve, Figure, Mark
from tracking.charts.limits import x_limits, y_limits

nan = np.nan


def figure(x: list[float], y: list[float], **fields: object) -> Figure:
    return dataclasses.replace(FIGURES["lines"], x=floats(*x), curves=(Curve("a", 0, floats(*y)),), **fields)  # type: ignore[arg-type]


def test_the_x_range_ends_where_the_curves_do_and_is_never_empty() -> None:
    assert x_limits(figure([0, 1, 2, 3], [nan, 1, 2, nan])) == (1, 2)
    assert x_limits(figure([5], [1])) == (4.5, 5.5)
    assert x_limits(FIGURES["empty"]) == (0, 1)


def test_an_x_range_that_all_but_starts_at_0_starts_at_0() -> None:
    assert x_limits(figure([1, 100], [1, 2])) == (0, 100)
    assert x_limits(figure([10, 100], [1, 2])) == (10, 100)
    assert x_limits(figure([1, 100], [1, 2], x_kind="time")) == (1, 100)


def test_the_y_range_holds_values_bands_and_marks_with_a_margin() -> None:
    assert y_limits(figure([0, 1], [0, 1])) == pytest.approx((-0.04, 1.04))
    assert y_limits(figure([0, 1, 2], [0, GAP, nan], marks=(Mark(2),))) == pytest.approx((-0.08, 2.08))
    assert y_limits(figure([0, 1], [3, 3])) == pytest.approx((2.7, 3.3))
    assert y_limits(figure([0, 1], [0, 0])) == (-0.5, 0.5)
    assert y_limits(figure([0, 1], [nan, nan])) == (0, 1)
    band = Curve("a", 0, floats(1, 1), floats(0, nan), floats(2, nan))
    assert y_limits(dataclasses.replace(figure([0, 1], []), curves=(band,))) == pytest.approx((-0.08, 2.08))


def test_a_log_range_leaves_out_what_is_not_above_zero() -> None:
    low, high = y_limits(figure([0, 1, 2], [1, 10, -1], y_scale="log"))
    assert (np.log10(low), np.log10(high)) == pytest.approx((-0.04, 1.04))
    assert y_limits(figure([0], [0], y_scale="log")) == (0.1, 1)
