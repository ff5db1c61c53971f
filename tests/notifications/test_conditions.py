"""Conditions fire on edges: once when they become true, again only after they were false."""

from __future__ import annotations

import math
from typing import Any

import pytest

from notifications.conditions import Condition, judge, value_of

ABOVE = Condition("loss", ">", 0.5)


def fired(values: list[Any], condition: Condition = ABOVE, was_true: bool = False) -> list[int]:
    """The indexes of the values at which the condition fires."""
    rows = [{"loss": value, "_step": index * 10} for index, value in enumerate(values)]
    return [crossing.line for crossing in judge(condition, was_true, 0, rows).crossings]


def test_it_fires_once_when_it_becomes_true() -> None:
    assert fired([0.1, 0.6, 0.7, 0.8]) == [1]


def test_it_fires_again_only_after_it_was_false() -> None:
    assert fired([0.6, 0.7, 0.4, 0.6, 0.9]) == [0, 3]


def test_a_condition_that_was_true_before_does_not_fire_again() -> None:
    assert fired([0.6, 0.7], was_true=True) == []
    assert fired([0.6, 0.1, 0.7], was_true=True) == [2]


def test_nan_neither_fires_nor_clears() -> None:
    assert fired([math.nan]) == []
    assert fired([0.6, math.nan, 0.7]) == [0]


def test_a_row_without_the_metric_changes_nothing() -> None:
    rows = [{"loss": 0.6}, {"accuracy": 0.1}, {"loss": 0.7}]
    verdict = judge(ABOVE, False, 0, rows)
    assert [crossing.line for crossing in verdict.crossings] == [0]
    assert verdict.is_true


@pytest.mark.parametrize("value", ["0.9", None, True, [0.9], {"_type": "histogram"}])
def test_what_is_no_number_says_nothing(value: Any) -> None:
    assert fired([value]) == []


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        (">", [False, False, True]),
        (">=", [False, True, True]),
        ("<", [True, False, False]),
        ("<=", [True, True, False]),
    ],
)
def test_each_comparison_means_what_it_says(comparison: str, expected: list[bool]) -> None:
    condition = Condition("loss", comparison, 0.5)
    assert [condition.holds(value) for value in (0.4, 0.5, 0.6)] == expected


def test_a_whole_number_that_no_float_can_hold_says_nothing() -> None:
    assert fired([0.1, 10**400, 0.6]) == [2]


def test_a_row_whose_step_is_infinite_is_named_by_its_line() -> None:
    (crossing,) = judge(ABOVE, False, 7, [{"loss": 0.6, "_step": math.inf}]).crossings
    assert crossing.step == 7


def test_infinity_is_a_number() -> None:
    assert fired([math.inf]) == [0]
    assert fired([-math.inf], Condition("loss", "<", -1e300)) == [0]


def test_a_crossing_tells_line_step_and_value() -> None:
    (crossing,) = judge(ABOVE, False, 7, [{"loss": 0.6, "_step": 70}]).crossings
    assert (crossing.line, crossing.step, crossing.value) == (7, 70, 0.6)


def test_a_row_without_a_step_is_named_by_its_line() -> None:
    (crossing,) = judge(ABOVE, False, 7, [{"loss": 0.6}]).crossings
    assert crossing.step == 7


def test_nested_metrics_are_found_by_their_dotted_name() -> None:
    assert value_of({"val": {"top1": {"mean": 0.7}}}, "val.top1.mean") == 0.7
    assert value_of({"val.top1": {"mean": 0.7}}, "val.top1.mean") == 0.7
    assert value_of({"val": 1}, "val.top1") is None
    assert value_of({"val.top1": 0.3}, "val.top1") == 0.3
