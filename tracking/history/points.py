"""The points of one key: what a chunk keeps in `raw`, and what the lines of the tail become on the fly."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracking import wire
from tracking.history.codec import join_parts, pack, split_parts, unpack
from tracking.history.columns import NUMBER, Column
from tracking.history.types import Floats

Lines = NDArray[np.int64]

EXACT_BELOW = 2.0**53  # from here on a float64 skips whole numbers


@dataclass(frozen=True)
class Numbers:
    """Numbers, one a line. `whole[i]` says that the script logged an integer and not a float.

    `exact` holds the integers that a float64 cannot, by index.
    """

    lines: Lines
    steps: Floats
    values: Floats
    whole: NDArray[np.bool_]
    exact: dict[int, int]

    def to_bytes(self) -> bytes:
        exact = wire.dumps(list(self.exact.items())).encode()
        arrays = (self.lines.astype(np.float64), self.steps, self.values)
        return join_parts([*map(pack, arrays), _pack_whole(self.whole), exact])

    def logged(self, start: int, stop: int) -> list[Any]:
        """The values `start … stop - 1` as Python numbers, integers where integers were logged."""
        values: list[Any] = self.values[start:stop].tolist()
        for at in np.flatnonzero(self.whole[start:stop]).tolist():
            values[at] = self.exact[start + at] if start + at in self.exact else int(values[at])
        return values


@dataclass(frozen=True)
class Others:
    """Values that are not numbers: strings, lists, media …"""

    lines: Lines
    steps: Floats
    values: list[Any]

    def to_bytes(self) -> bytes:
        text = wire.dumps(self.values).encode("utf-8", "surrogatepass")
        return join_parts([pack(self.lines.astype(np.float64)), pack(self.steps), zlib.compress(text, 1)])

    def logged(self, start: int, stop: int) -> list[Any]:
        return self.values[start:stop]


Points = Numbers | Others


def points_of(column: Column, all_lines: Lines, all_steps: Floats) -> Points:
    """The points of a column; `all_steps[i]` is the step of line `all_lines[i]`, which ascend."""
    lines = np.array(column.lines, np.int64)
    at = all_steps[np.searchsorted(all_lines, lines)]
    if column.kind == NUMBER:
        return numbers(lines, at, column.values)
    return Others(lines, at, column.values)


def numbers(lines: Lines, steps: Floats, logged: Sequence[int | float]) -> Numbers:
    """From numbers as JSON gave them. An integer beyond the largest float stands as an infinity in `values`."""
    types = set(map(type, logged))
    if types == {float}:
        return Numbers(lines, steps, np.array(logged, np.float64), np.zeros(len(lines), np.bool_), {})
    whole = np.array([type(value) is int for value in logged], np.bool_)
    try:
        values = np.array(logged, np.float64)
    except OverflowError:
        values = np.array([_nearest(value) for value in logged], np.float64)
    large = np.flatnonzero(whole & (np.abs(values) >= EXACT_BELOW))
    return Numbers(lines, steps, values, whole, {index: int(logged[index]) for index in large.tolist()})


def numbers_from(data: bytes) -> Numbers:
    lines, steps, values, whole, exact = split_parts(data)
    found = unpack(values)
    integers = dict(wire.loads(exact))
    return Numbers(unpack(lines).astype(np.int64), unpack(steps), found, _unpack_whole(whole, len(found)), integers)


def others_from(data: bytes) -> Others:
    lines, steps, values = split_parts(data)
    return Others(unpack(lines).astype(np.int64), unpack(steps), wire.loads(zlib.decompress(values)))


def points_from(kind: str, data: bytes) -> Points:
    return numbers_from(data) if kind == NUMBER else others_from(data)


def joined(parts: Sequence[Numbers]) -> Numbers:
    """Consecutive numbers of one key as one."""
    starts = np.cumsum([0, *(len(part.lines) for part in parts)]).tolist()
    return Numbers(
        lines=np.concatenate([part.lines for part in parts]),
        steps=np.concatenate([part.steps for part in parts]),
        values=np.concatenate([part.values for part in parts]),
        whole=np.concatenate([part.whole for part in parts]),
        exact={
            start + at: value for start, part in zip(starts, parts, strict=False) for at, value in part.exact.items()
        },
    )


def joined_others(parts: Sequence[Others]) -> Others:
    return Others(
        lines=np.concatenate([part.lines for part in parts]),
        steps=np.concatenate([part.steps for part in parts]),
        values=list(chain.from_iterable(part.values for part in parts)),
    )


def _pack_whole(whole: NDArray[np.bool_]) -> bytes:
    """One byte when all are alike, one bit a value otherwise."""
    if whole.all() or not whole.any():
        return b"\1" if whole.any() else b"\0"
    return b"\2" + np.packbits(whole).tobytes()


def _unpack_whole(data: bytes, count: int) -> NDArray[np.bool_]:
    if data[0] == 2:
        return np.unpackbits(np.frombuffer(data, np.uint8, offset=1), count=count).astype(np.bool_)
    return np.full(count, data[0] == 1)


def _nearest(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
