"""The figure's form on the wire to the browser; js/chart/wire.js reads it, tests/golden holds both to it.

    uint32 little-endian   length N of the header
    N bytes                JSON in UTF-8, padded with blanks so that 4 + N is a multiple of 8
    float64 little-endian  arrays of `points` values each: x, then for each curve y [, low, high when it has a band]

In the arrays NaN is "no value at this x" and Infinity is "the line breaks here" (see Curve). Alignment to 8 bytes lets
the browser lay Float64Arrays over the answer without copying.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import orjson

from tracking.charts.figure import Figure
from tracking.history import Floats

MEDIA_TYPE = "application/vnd.debrief.figure"


def encode(figure: Figure) -> bytes:
    """The bytes that js/chart/wire.js decodes; the same figure gives the same bytes."""
    header = orjson.dumps(_header(figure))
    padded = header + b" " * (-(4 + len(header)) % 8)
    return b"".join([struct.pack("<I", len(padded)), padded, *(_floats(values) for values in _arrays(figure))])


def _header(figure: Figure) -> dict[str, Any]:
    return {
        "title": figure.title,
        "subtitle": figure.subtitle,
        "xLabel": figure.x_label,
        "yLabel": figure.y_label,
        "xKind": figure.x_kind,
        "yScale": figure.y_scale,
        "points": int(figure.x.size),
        "curves": [
            {
                "label": curve.label,
                "color": curve.color,
                "run": curve.run,
                "count": curve.count,
                "band": curve.low is not None and curve.high is not None,
            }
            for curve in figure.curves
        ],
        "marks": [{"y": mark.y, "x": mark.x, "label": mark.label} for mark in figure.marks],
        "notes": list(figure.notes),
    }


def _arrays(figure: Figure) -> list[Floats]:
    arrays = [figure.x]
    for curve in figure.curves:
        arrays.append(curve.y)
        if curve.low is not None and curve.high is not None:
            arrays += [curve.low, curve.high]
    return arrays


def _floats(values: Floats) -> bytes:
    return np.ascontiguousarray(values, dtype="<f8").tobytes()
