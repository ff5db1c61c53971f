"""The points of one key: what a chunk keeps in `raw`, and what the lines of the tail become on the fly."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
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


@dataclass(frozen=True, eq=False)
class Places:
    """Where points stand: their line numbers, ascending, and the step of each.

    Keys that are logged together share one, so that it is packed, unpacked and judged once for all of them.
    """

    lines: Lines
    steps: Floats

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def packed(self) -> bytes:
        return join_parts([pack(self.lines.astype(np.float64)), pack(self.steps)])

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest step."""
        return float(self.steps.min()), float(self.steps.max())

    @cached_property
    def is_ordered(self) -> bool:
        """Whether the steps never go back."""
        return bool((self.steps[1:] >= self.steps[:-1]).all())


@dataclass(frozen=True)
class Numbers:
    """Numbers, one a place. `whole[i]` says that the script logged an integer and not a float.

    `exact` holds the integers that a float64 cannot, by index.
    """

    places: Places
    values: Floats
    whole: NDArray[np.bool_]
    exact: dict[int, int]

    def to_bytes(self) -> bytes:
        exact = wire.dumps(list(self.exact.items())).encode() if self.exact else b""
        return join_parts([self.places.packed, pack(self.values), _pack_whole(self.whole), exact])

    def logged(self, start: int, stop: int) -> list[Any]:
        """The values `start … stop - 1` as Python numbers, integers where integers were logged."""
        values: list[Any] = self.values[start:stop].tolist()
        for at in np.flatnonzero(self.whole[start:stop]).tolist():
            values[at] = self.exact[start + at] if start + at in self.exact else int(values[at])
        return values


@dataclass(frozen=True)
class Others:
    """Values that are not numbers: strings, lists, media …"""

    places: Places
    values: list[Any]

    def to_bytes(self) -> bytes:
        text = wire.dumps(self.values).encode("utf-8", "surrogatepass")
        return join_parts([self.places.packed, zlib.compress(text, 1)])

    def logged(self, start: int, stop: int) -> list[Any]:
        return self.values[start:stop]


Points = Numbers | Others


def points_of(column: Column, all_places: Places) -> Points:
    """The points of a column; `all_places` holds the place of every line of the column, and maybe of others."""
    places = all_places
    if len(column.lines) != len(all_places):
        lines = np.array(column.lines, np.int64)
        places = Places(lines, all_places.steps[np.searchsorted(all_places.lines, lines)])
    return numbers(places, column.values) if column.kind == NUMBER else Others(places, column.values)


def numbers(places: Places, logged: Sequence[int | float]) -> Numbers:
    """From numbers as JSON gave them. An integer beyond the largest float stands as an infinity in `values`."""
    types = set(map(type, logged))
    if types == {float}:
        return Numbers(places, np.array(logged, np.float64), np.zeros(len(places), np.bool_), {})
    whole = np.array([type(value) is int for value in logged], np.bool_)
    try:
        values = np.array(logged, np.float64)
    except OverflowError:
        values = np.array([as_float(value) for value in logged], np.float64)
    large = np.flatnonzero(whole & (np.abs(values) >= EXACT_BELOW))
    return Numbers(places, values, whole, {index: int(logged[index]) for index in large.tolist()})


def as_float(value: float) -> float:
    """A JSON number as a float; an integer beyond the largest one is an infinity."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


@lru_cache(maxsize=32)  # keys of one run, and runs of one kind, stand at equal places
def places_from(data: bytes) -> Places:
    lines, steps = split_parts(data)
    return Places(unpack(lines).astype(np.int64), unpack(steps))


def numbers_from(data: bytes) -> Numbers:
    places, values, whole, exact = split_parts(data)
    found = unpack(values)
    integers = dict(wire.loads(exact)) if exact else {}
    return Numbers(places_from(places), found, _unpack_whole(whole, len(found)), integers)


def others_from(data: bytes) -> Others:
    places, values = split_parts(data)
    return Others(places_from(places), wire.loads(zlib.decompress(values)))


def points_from(kind: str, data: bytes) -> Points:
    return numbers_from(data) if kind == NUMBER else others_from(data)


def joined(parts: Sequence[Numbers]) -> Numbers:
    """Consecutive numbers of one key as one."""
    if len(parts) == 1:
        return parts[0]
    starts = np.cumsum([0, *(len(part.places) for part in parts)]).tolist()
    return Numbers(
        places=_joined_places(*(part.places for part in parts)),
        values=np.concatenate([part.values for part in parts]),
        whole=np.concatenate([part.whole for part in parts]),
        exact={
            start + at: value for start, part in zip(starts, parts, strict=False) for at, value in part.exact.items()
        },
    )


def joined_others(parts: Sequence[Others]) -> Others:
    places = _joined_places(*(part.places for part in parts))
    return Others(places, list(chain.from_iterable(part.values for part in parts)))


@lru_cache(maxsize=8)
def _joined_places(*parts: Places) -> Places:
    return Places(np.concatenate([part.lines for part in parts]), np.concatenate([part.steps for part in parts]))


def _pack_whole(whole: NDArray[np.bool_]) -> bytes:
    """One byte when all are alike, one bit a value otherwise."""
    count = np.count_nonzero(whole)
    if count in {0, len(whole)}:
        return b"\1" if count else b"\0"
    return b"\2" + np.packbits(whole).tobytes()


def _unpack_whole(data: bytes, count: int) -> NDArray[np.bool_]:
    if data[0] == 2:
        return np.unpackbits(np.frombuffer(data, np.uint8, offset=1), count=count).astype(np.bool_)
    return np.full(count, data[0] == 1)
