"""Values that go in and out of the history store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Stream = Literal["history", "system"]
HISTORY: Stream = "history"
SYSTEM: Stream = "system"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Appended:
    """What an append did: `first_new` is the first of its lines that was not there before, see `append`."""

    first_new: int
    next_line: int


@dataclass(frozen=True)
class KeyInfo:
    """One metric of one stream. `kind` is "number" or the `_type` / JSON type of non-numeric values."""

    name: str
    kind: str
    count: int
    first_step: int
    last_step: int
    min: float | None  # numbers only; NaN and infinities left out
    max: float | None


@dataclass(frozen=True)
class Buckets:
    """One run's curve on the grid: arrays as long as `Grid.x`; NaN where the run has no value in that bucket.

    `mean`, `min`, `max`, `first` and `last` are of the finite values of the bucket; `count` is how many there are.
    `nonfinite` counts NaN and ±Infinity, which are never averaged in.
    """

    mean: Floats
    min: Floats
    max: Floats
    first: Floats
    last: Floats
    count: NDArray[np.int64]
    nonfinite: NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """Curves of one metric of several runs on one shared x. `x` holds each bucket's position, ascending.

    When all distinct x fit in the width asked for, each is its own bucket and `exact` is true: a bucket is then one
    logged point, or several that a run logged at the same x.
    """

    x: Floats
    runs: dict[int, Buckets]
    exact: bool
