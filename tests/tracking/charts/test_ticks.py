from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.charts.golden import GOLDEN
from tracking.charts.ticks import duration, moment, number, numbers, ticks

CASES = json.loads((GOLDEN / "ticks.json").read_text())


@pytest.mark.parametrize("case", CASES["numbers"], ids=str)
def test_numbers_on_an_axis_read_as_in_the_browser(case: dict[str, Any]) -> None:
    assert numbers(case["values"], case["step"]) == case["labels"]


@pytest.mark.parametrize(("value", "label"), CASES["number"])
def test_a_single_number_has_four_digits(value: float, label: str) -> None:
    assert number(value) == label


@pytest.mark.parametrize(("seconds", "step", "label"), CASES["duration"])
def test_durations_read_as_in_the_browser(seconds: float, step: float, label: str) -> None:
    assert duration(seconds, step) == label


def labels(low: float, high: float, kind: str = "number", scale: str = "linear", count: int = 6) -> list[str]:
    return [tick.label for tick in ticks(low, high, kind=kind, scale=scale, count=count)]


@pytest.mark.parametrize("case", CASES["axes"], ids=str)
def test_axes_have_their_ticks_where_the_browser_has_them(case: dict[str, Any]) -> None:
    assert labels(case["low"], case["high"], case["kind"], case["scale"], case["count"]) == case["labels"]


def test_time_axes_step_by_parts_of_an_hour_and_day() -> None:
    assert labels(1.76e9, 1.76e9 + 30 * 3600, kind="time", count=4) == ["12:00", "10-10", "12:00"]
    assert labels(1.76e9, 1.76e9 + 9e8, kind="time", count=3)[0].startswith("20")
    assert moment(1.76e9, 1) == "08:53:20"


@given(
    st.floats(-1e12, 1e12),
    st.floats(1e-9, 1e12),
    st.sampled_from(["number", "duration", "time"]),
    st.sampled_from(["linear", "log"]),
)
def test_every_axis_has_a_few_ticks_inside_its_range(low: float, span: float, kind: str, scale: str) -> None:
    if kind == "time":
        low = abs(low) / 1000
    high = low + span
    if high - low <= abs(low) * 1e-12:
        return
    found = ticks(low, high, kind=kind, scale=scale, count=6)
    slack = (high - low) * 1e-6
    assert len(found) <= 16
    assert all(low - slack <= tick.value <= high + slack and math.isfinite(tick.value) for tick in found)
