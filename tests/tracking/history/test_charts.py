"""Curves: one shared x, whatever level they come from; first, last, smallest and largest values survive."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracking import history
from tracking.history import HISTORY, SYSTEM, Buckets, Stream

pytestmark = pytest.mark.django_db

RUN, OTHER = 1, 2


def log(run: int, rows: Sequence[dict[str, Any]], stream: Stream = HISTORY) -> None:
    history.append(run, stream, history.next_line(run, stream), [json.dumps(row) for row in rows])


def log_long(run: int, count: int, **fields: Any) -> np.ndarray[Any, Any]:
    """`count` steps of a noisy loss, compacted; returns the values."""
    values = np.random.default_rng(run).normal(size=count)
    log(run, [{"_step": i, "_runtime": i / 2, "loss": value, **fields} for i, value in enumerate(values.tolist())])
    history.compact(run, HISTORY)
    return values


def test_a_short_run_keeps_every_point() -> None:
    log(RUN, [{"_step": 10 * i, "loss": i / 2} for i in range(5)])
    grid = history.read([RUN], "loss")
    assert grid.exact
    assert grid.x.tolist() == [0, 10, 20, 30, 40]
    assert grid.runs[RUN].mean.tolist() == [0, 0.5, 1, 1.5, 2]
    assert grid.runs[RUN].count.tolist() == [1] * 5


def test_a_run_without_the_metric_is_absent() -> None:
    log(RUN, [{"loss": 1}, {"loss": "high"}])
    log(OTHER, [{"accuracy": 1}, {"loss": None}])
    assert set(history.read([RUN, OTHER, 99], "loss").runs) == {RUN}
    empty = history.read([], "loss")
    assert (len(empty.x), empty.runs) == (0, {})


def test_runs_share_one_x() -> None:
    log(RUN, [{"_step": 0, "loss": 1}, {"_step": 2, "loss": 3}])
    log(OTHER, [{"_step": 1, "loss": 2}, {"_step": 2, "loss": 4}])
    grid = history.read([RUN, OTHER], "loss")
    assert grid.x.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(grid.runs[RUN].mean, [1, math.nan, 3])
    np.testing.assert_array_equal(grid.runs[OTHER].mean, [math.nan, 2, 4])


def test_values_that_are_not_finite_are_counted_and_never_averaged_in() -> None:
    log(RUN, [{"_step": 0, "loss": 1}, {"_step": 0, "loss": math.nan}, {"_step": 0, "loss": 3}])
    log(RUN, [{"_step": 1, "loss": math.inf}, {"_step": 2, "loss": 5}])
    history.compact(RUN, HISTORY)
    curve = history.read([RUN], "loss").runs[RUN]
    np.testing.assert_array_equal(curve.mean, [2, math.nan, 5])
    assert (curve.count.tolist(), curve.nonfinite.tolist()) == ([2, 0, 1], [1, 1, 0])


def test_steps_that_go_back_and_repeat_are_drawn_in_order() -> None:
    steps = [0, 5, 9, 3, 4, 5]
    log(RUN, [{"_step": step, "loss": line} for line, step in enumerate(steps)])
    history.compact(RUN, HISTORY)
    grid = history.read([RUN], "loss")
    assert grid.x.tolist() == [0, 3, 4, 5, 9]
    assert grid.runs[RUN].mean.tolist() == [0, 3, 4, 3, 2]


def test_lines_without_a_step_stand_at_their_number() -> None:
    log(RUN, [{"system.cpu": 10}, {"system.cpu": 20}], SYSTEM)
    assert history.read([RUN], "system.cpu", stream=SYSTEM).x.tolist() == [0, 1]


@pytest.mark.parametrize("count", [3_000, 30_000, 300_000])
def test_a_long_run_is_read_from_the_level_that_will_do(count: int) -> None:
    values = log_long(RUN, count)
    grid = history.read([RUN], "loss", width=50)
    curve = grid.runs[RUN]
    assert not grid.exact
    assert 20 <= len(grid.x) <= 50
    assert np.all(np.diff(grid.x) > 0)
    assert_sums_up(curve, values)


def test_a_short_run_beside_a_long_one_keeps_its_own_level() -> None:
    log_long(RUN, 30_000)
    log_long(OTHER, 300)
    grid = history.read([RUN, OTHER], "loss", width=100)
    assert grid.runs[RUN].count.sum() == 30_000
    assert grid.runs[OTHER].count.sum() == 300


def test_a_zoom_reads_as_finely_as_it_needs_to() -> None:
    values = log_long(RUN, 30_000)
    near = history.read([RUN], "loss", start=12_345, stop=12_364, width=50)
    assert near.exact
    assert near.x.tolist() == list(range(12_345, 12_365))
    assert near.runs[RUN].mean.tolist() == values[12_345:12_365].tolist()
    middle = history.read([RUN], "loss", start=10_000, stop=19_999, width=50)
    assert abs(int(middle.runs[RUN].count.sum()) - 10_000) <= 128  # a level's spans at the edges are in or out


def test_a_zoom_includes_its_bounds() -> None:
    log(RUN, [{"_step": step, "loss": step} for step in range(10)])
    assert history.read([RUN], "loss", start=3, stop=5).x.tolist() == [3, 4, 5]
    assert history.read([RUN], "loss", start=8).x.tolist() == [8, 9]
    assert history.read([RUN], "loss", stop=1).x.tolist() == [0, 1]
    assert history.read([RUN], "loss", start=100).runs == {}


@pytest.mark.parametrize("count", [300, 30_000])
def test_x_may_be_time(count: int) -> None:
    values = log_long(RUN, count)
    log(RUN, [{"_step": count, "_runtime": count / 2, "loss": 7.0}])
    grid = history.read([RUN], "loss", x="_runtime", width=100)
    assert_sums_up(grid.runs[RUN], np.append(values, 7.0))
    assert grid.x[0] <= count / 200
    assert grid.x[-1] == pytest.approx(count / 2, rel=0.01)
    zoom = history.read([RUN], "loss", x="_runtime", start=100, stop=109.5, width=50)
    assert zoom.x.tolist() == [100 + i / 2 for i in range(20)]
    assert zoom.runs[RUN].mean.tolist() == values[200:220].tolist()


def test_x_may_be_a_metric_that_is_logged_in_some_lines_only() -> None:
    rows: list[dict[str, Any]] = [{"_step": i, "loss": i} for i in range(30_000)]
    for epoch, line in enumerate(range(999, 30_000, 1000)):
        rows[line] |= {"epoch": epoch, "val_loss": 1 / (epoch + 1)}
    rows[1999]["epoch"] = math.nan
    log(RUN, rows)
    history.compact(RUN, HISTORY)
    grid = history.read([RUN], "val_loss", x="epoch")
    assert grid.x.tolist() == [0, *range(2, 30)]
    assert grid.runs[RUN].mean.tolist() == [1 / (epoch + 1) for epoch in [0, *range(2, 30)]]
    assert history.read([RUN], "loss", x="epoch").runs[RUN].mean.tolist() == [999, *range(2999, 30_000, 1000)]
    assert history.read([RUN], "epoch", x="loss", width=10).runs[RUN].count.sum() == 29


def test_a_metric_over_one_nobody_logged_is_empty() -> None:
    log_long(RUN, 300)
    assert history.read([RUN], "loss", x="epoch").runs == {}


def test_a_key_is_one_metric_logged_flat_or_nested() -> None:
    log(RUN, [{"_step": 0, "val": {"acc": 1}}, {"_step": 1, "val.acc": 2}])
    before = history.read([RUN], "val.acc")
    history.compact(RUN, HISTORY)
    log(RUN, [{"_step": 2, "val": {"acc": 3}}])
    after = history.read([RUN], "val.acc")
    assert before.runs[RUN].mean.tolist() == [1, 2]
    assert after.runs[RUN].mean.tolist() == [1, 2, 3]


finite_or_not = st.one_of(st.floats(width=32), st.integers(-9, 9).map(float), st.just(math.nan), st.just(math.inf))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(-5, 400), finite_or_not), min_size=1, max_size=300),
    st.integers(1, 40),
    st.integers(1, 300),
    st.booleans(),
)
def test_buckets_keep_the_first_last_smallest_and_largest_value(
    points: list[tuple[int, float]], width: int, cut: int, goes_back: bool
) -> None:
    history.forget(RUN)
    if not goes_back:
        points = sorted(points, key=lambda point: point[0])
    rows = [{"_step": step, "loss": value} for step, value in points]
    log(RUN, rows[:cut])
    history.compact(RUN, HISTORY)
    log(RUN, rows[cut:])
    grid = history.read([RUN], "loss", width=width)
    assert len(grid.x) <= width
    assert grid.exact == (len({step for step, _value in points}) <= width)
    in_order = sorted(points, key=lambda point: point[0])
    assert_sums_up(grid.runs[RUN], np.array([value for _step, value in in_order]))


def assert_sums_up(curve: Buckets, values: np.ndarray[Any, Any]) -> None:
    """The buckets hold all of `values`, which are in the order of x, and lose none that matters."""
    finite = values[np.isfinite(values)]
    assert curve.count.sum() == len(finite)
    assert curve.nonfinite.sum() == len(values) - len(finite)
    filled = curve.count > 0
    for array in (curve.mean, curve.min, curve.max, curve.first, curve.last):
        np.testing.assert_array_equal(np.isnan(array), ~filled)
    if len(finite):
        assert curve.first[filled][0] == finite[0]
        assert curve.last[filled][-1] == finite[-1]
        assert np.nanmin(curve.min) == finite.min()
        assert np.nanmax(curve.max) == finite.max()
        assert np.all(curve.min[filled] <= curve.mean[filled])
        assert np.all(curve.mean[filled] <= curve.max[filled])
        total = math.fsum((curve.mean[filled] * curve.count[filled]).tolist())
        assert total == pytest.approx(math.fsum(finite.tolist()), rel=1e-6, abs=1e-6 * np.abs(finite).sum())
