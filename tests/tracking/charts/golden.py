"""The figures behind tests/golden/figure_*. Run this folder with WRITE_GOLDEN=1 to write the files anew."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from tracking.charts.browser import encode
from tracking.charts.figure import GAP, Curve, Figure, Mark, to_json

GOLDEN = Path(__file__).parents[2] / "golden"
nan = np.nan


def floats(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, dtype=float)


FIGURES = {
    "lines": Figure(
        title="val/loss",
        subtitle="",
        x_label="Step",
        y_label="val/loss",
        x_kind="number",
        y_scale="linear",
        x=floats(0, 10, 20, 30),
        curves=(
            Curve("calm-otter-1", 0, floats(1, 0.5, 0.25, 0.125), run="abc123"),
            Curve("수달-12", 11, floats(nan, 0.1 + 0.2, GAP, 1e-300), run="def456"),
        ),
    ),
    "bands": Figure(
        title="검증 손실",
        subtitle="mean by config.lr, band: min–max",
        x_label="Time",
        y_label="",
        x_kind="time",
        y_scale="log",
        x=floats(1.76e9, 1.76e9 + 0.001),
        curves=(Curve("lr = 0.1 (n=3)", 0, floats(2, 1), floats(1.5, nan), floats(2.5, nan), count=3),),
        marks=(Mark(1.25, label="val/loss > 1.25"), Mark(1.5, x=1.76e9, label="fired")),
        notes=("12 of 40 runs", "No run here has logged “val/los” as a number."),
    ),
    "empty": Figure("x", "", "Step", "x", "number", "linear", np.empty(0), (), notes=("There are no runs here yet.",)),
}


def golden_json(name: str) -> str:
    return json.dumps(to_json(FIGURES[name]), ensure_ascii=False, indent=1) + "\n"


def write() -> None:
    for name, figure in FIGURES.items():
        (GOLDEN / f"figure_{name}.json").write_text(golden_json(name))
        (GOLDEN / f"figure_{name}.bin").write_bytes(encode(figure))
