"""Arrays come back from their bytes to the last bit, in the smallest form that keeps it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracking.history.codec import DOUBLE, PROGRESSION, SINGLE, WHOLE, join_parts, pack, split_parts, unpack

values = st.one_of(
    st.lists(st.floats(allow_nan=False)),
    st.lists(st.floats(width=32, allow_nan=False)),
    st.lists(st.integers(-(2**54), 2**54).map(float)),
    st.lists(st.integers(-3, 3).map(float)),
    st.lists(st.sampled_from([math.nan, math.inf, -math.inf, -0.0, 0.0, 1.0])),
    st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 50)).map(
        lambda given: [float(given[0] + given[1] * index) for index in range(given[2])]
    ),
)


@settings(deadline=None)
@given(values)
def test_an_array_comes_back_bit_by_bit(logged: list[float]) -> None:
    array = np.array(logged, np.float64)
    back = unpack(pack(array))
    np.testing.assert_array_equal(back, array)
    number = ~np.isnan(array)
    np.testing.assert_array_equal(np.signbit(back[number]), np.signbit(array[number]))


@pytest.mark.parametrize(
    ("logged", "form", "at_most"),
    [
        (np.arange(0, 40_960, 10), PROGRESSION, 21),
        (np.full(4096, 7), PROGRESSION, 21),
        (np.random.default_rng(0).integers(0, 100, 4096), WHOLE, 4096 + 100),
        (np.random.default_rng(0).normal(size=4096).astype(np.float32), SINGLE, 4 * 4096),
        (np.random.default_rng(0).normal(size=4096), DOUBLE, 8 * 4096),
    ],
)
def test_each_array_takes_its_smallest_form(
    logged: np.ndarray[tuple[int], np.dtype[np.float64]], form: int, at_most: int
) -> None:
    packed = pack(logged.astype(np.float64))
    assert packed[0] == form
    assert len(packed) <= at_most


@settings(deadline=None)
@given(st.lists(st.binary(max_size=20), max_size=6))
def test_parts_come_apart_as_they_were_joined(parts: list[bytes]) -> None:
    assert split_parts(join_parts(parts)) == parts
