"""Any split, repeat, overlap or reorder of chunks, with and without compactions between, gives one history."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracking import history
from tracking.history import HISTORY

pytestmark = pytest.mark.django_db

ONE, OTHER = 1, 2
names = st.sampled_from(["loss", "val/loss", "손실", "a", "b", "a.b", "_step", "", ".", "x.y.z", "키" * 200])
numbers = st.one_of(
    st.floats(), st.integers(-5, 5), st.integers(-(2**63), 2**63), st.just(-0.0), st.floats(width=32), st.just(10**400)
)
leaves = st.one_of(
    numbers,
    st.none(),
    st.booleans(),
    st.text(max_size=5),
    st.lists(st.integers(0, 3), max_size=3),
    st.just({"_type": "histogram", "values": [1, 2], "bins": [0.0, 0.5, 1.0]}),
    st.just({"_type": "number"}),
    st.just({}),
)
members = st.recursive(leaves, lambda inner: st.dictionaries(names, inner, max_size=3), max_leaves=6)
whole_rows = st.dictionaries(names, members, max_size=5)
broken = st.sampled_from(
    ["", "not json", "[1]", "null", '{"loss": 1', '{"loss": 1}, {"loss": 2}', '{"a":[1', "[" * 3000]
)
texts = st.one_of(whole_rows.map(json.dumps), whole_rows.map(lambda row: json.dumps(row, ensure_ascii=False)), broken)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[str], list[tuple[int, int, bool]]]:
    """Lines, and (start, stop, compact afterwards) of requests that bring all of them at least once, in any order."""
    lines = draw(st.lists(texts, min_size=1, max_size=25))
    cuts = sorted(draw(st.sets(st.integers(1, len(lines)), max_size=5)) | {0, len(lines)})
    pieces = list(pairwise(cuts))
    inside = st.tuples(st.integers(0, len(lines)), st.integers(0, len(lines))).map(lambda pair: (min(pair), max(pair)))
    order = draw(st.permutations(pieces + draw(st.lists(inside, max_size=5))))
    return lines, [(start, stop, draw(st.booleans())) for start, stop in order]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries())
def test_any_delivery_is_the_history_of_one_append(delivery: tuple[list[str], list[tuple[int, int, bool]]]) -> None:
    lines, requests = delivery
    history.forget(ONE), history.forget(OTHER)
    history.append(ONE, HISTORY, 0, lines)
    for start, stop, compact_after in requests:
        history.append(OTHER, HISTORY, start, lines[start:stop])
        if compact_after:
            history.compact(OTHER, HISTORY)
    assert history.next_line(OTHER) == len(lines)
    expected = [(number, row) for number, row in enumerate(map(parsed, lines)) if isinstance(row, dict)]
    assert_same(list(history.rows(ONE)), expected)
    assert_same(list(history.rows(OTHER)), expected)
    assert_same(described(ONE), described(OTHER))
    history.compact(ONE, HISTORY)
    assert_same(list(history.rows(ONE)), expected)
    assert_same(described(ONE), described(OTHER))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries(), st.sampled_from(["loss", "a.b", "x.y.z", "_step"]), st.sampled_from(["_step", "loss", "b"]))
def test_a_chart_is_the_same_from_chunks_and_from_the_tail(
    delivery: tuple[list[str], list[tuple[int, int, bool]]], key: str, x: str
) -> None:
    lines, requests = delivery
    history.forget(ONE), history.forget(OTHER)
    history.append(ONE, HISTORY, 0, lines)
    for start, stop, compact_after in requests:
        history.append(OTHER, HISTORY, start, lines[start:stop])
        if compact_after:
            history.compact(OTHER, HISTORY)
    tail, mixed = (history.read([run], key, x=x) for run in (ONE, OTHER))
    assert tail.exact
    np.testing.assert_array_equal(tail.x, mixed.x)
    assert len(tail.runs) == len(mixed.runs)
    for one, other in zip(tail.runs.values(), mixed.runs.values(), strict=True):
        for name, values in vars(one).items():
            np.testing.assert_array_equal(values, getattr(other, name))


def described(run: int) -> Any:
    found = history.keys(run)
    assert all(name == info.name for name, info in found.items())
    figures = [value for info in found.values() for value in (info.min, info.max) if value is not None]
    last = history.last([run], list(found))[run]
    # A database column has no sign for zero; the rows have.
    unsigned = [np.abs(np.array(figures)).tolist(), {name: np.abs(value) for name, value in last.items()}]
    return [(info.name, info.kind, info.count, info.first_step, info.last_step) for info in found.values()], unsigned


def parsed(line: str) -> Any:
    """What a line says, by the standard library alone."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def assert_same(found: Any, expected: Any) -> None:
    """Equal with equal types; NaN equals NaN; an integer beyond 64 bits may come back as its float."""
    if isinstance(expected, dict):
        assert isinstance(found, dict)
        assert found.keys() == expected.keys()
        for key in expected:
            assert_same(found[key], expected[key])
    elif isinstance(expected, list | tuple):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_same(one, other)
    elif isinstance(expected, float) and math.isnan(expected):
        assert isinstance(found, float)
        assert math.isnan(found)
    elif isinstance(expected, int) and isinstance(found, float):
        assert abs(expected) >= 2**63
        assert found == nearest(expected)
    else:
        assert type(found) is type(expected)
        assert found == expected
        assert math.copysign(1, found) == math.copysign(1, expected) if isinstance(found, float) else True


def nearest(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
