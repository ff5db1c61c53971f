"""The two frozen forms of a figure: JSON for editions, bytes for the browser."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.charts.golden import FIGURES, GOLDEN, floats, golden_json, write
from tracking.charts.browser import encode
from tracking.charts.figure import GAP, Curve, Figure, Mark, from_json, to_json

numbers = st.lists(st.floats(allow_infinity=False) | st.just(GAP), min_size=3, max_size=3).map(lambda v: floats(*v))
curves = st.builds(Curve, st.text(), st.integers(0, 99), numbers, st.none() | numbers, st.none() | numbers)
figures = st.builds(
    Figure,
    title=st.text(),
    subtitle=st.text(),
    x_label=st.text(),
    y_label=st.text(),
    x_kind=st.just("number"),
    y_scale=st.just("log"),
    x=numbers,
    curves=st.lists(curves, max_size=3).map(tuple),
    marks=st.lists(st.builds(Mark, st.floats(-9, 9), st.none() | st.floats(-9, 9), st.text()), max_size=2).map(tuple),
    notes=st.lists(st.text(), max_size=2).map(tuple),
)


@given(figures)
def test_a_figure_survives_json_exactly(figure: Figure) -> None:
    again = from_json(json.loads(json.dumps(to_json(figure), allow_nan=False)))
    assert to_json(again) == to_json(figure)
    assert encode(again) == encode(figure) or np.isnan(figure.x).any() or any_nan(figure)


def any_nan(figure: Figure) -> bool:
    """NaN has many bit patterns; only one comes back."""
    return any(np.isnan(a).any() for c in figure.curves for a in (c.y, c.low, c.high) if a is not None)


@pytest.mark.parametrize("name", FIGURES)
def test_golden_figures_have_not_changed(name: str) -> None:
    if os.environ.get("WRITE_GOLDEN"):
        write()
    assert (GOLDEN / f"figure_{name}.json").read_text() == golden_json(name)
    assert (GOLDEN / f"figure_{name}.bin").read_bytes() == encode(FIGURES[name])
    assert to_json(from_json(json.loads(golden_json(name)))) == to_json(FIGURES[name])


@pytest.mark.parametrize("name", FIGURES)
def test_arrays_are_aligned_for_the_browser(name: str) -> None:
    data = encode(FIGURES[name])
    length = int.from_bytes(data[:4], "little")
    header = json.loads(data[4 : 4 + length])
    arrays = 1 + sum(3 if curve["band"] else 1 for curve in header["curves"])
    assert (4 + length) % 8 == 0
    assert len(data) == 4 + length + 8 * arrays * header["points"]
