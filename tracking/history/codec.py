"""Arrays of numbers ⇄ bytes, without loss. Each array takes the smallest of four forms.

| form       | for                                            | bytes                                         |
|------------|------------------------------------------------|-----------------------------------------------|
| PROGRESSION| whole numbers at one distance (most steps)     | start and stride                              |
| WHOLE      | whole numbers of at most 2^52                  | differences in 1, 2, 4 or 8 bytes, packed     |
| SINGLE     | values a 32-bit float holds exactly            | 4 bytes each, packed                          |
| DOUBLE     | all others; NaN and infinities fit both floats | 8 bytes each, packed                          |

Packed: the bytes of equal weight stand together (they resemble each other), then zlib at level 1.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracking.history.types import Floats

PROGRESSION, WHOLE, SINGLE, DOUBLE = range(4)
LARGEST_WHOLE = 2.0**52  # the difference of two such numbers is exact in a float64
_HEAD = struct.Struct("<BI")  # form, how many
_TWO = struct.Struct("<dd")  # first value; stride (PROGRESSION) or bytes per difference (WHOLE)


def pack(values: Floats) -> bytes:
    count = len(values)
    if _is_whole(values):
        differences = np.diff(values)
        if count < 2 or (differences == differences[0]).all():
            start, stride = (values[0] if count else 0.0), (differences[0] if count > 1 else 0.0)
            return _HEAD.pack(PROGRESSION, count) + _TWO.pack(start, stride)
        small = _smallest(differences)
        return _HEAD.pack(WHOLE, count) + _TWO.pack(values[0], small.itemsize) + _squeeze(small)
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
    if ((single == values) | np.isnan(values)).all():
        return _HEAD.pack(SINGLE, count) + _squeeze(single)
    return _HEAD.pack(DOUBLE, count) + _squeeze(values)


def unpack(data: bytes) -> Floats:
    form, count = _HEAD.unpack_from(data)
    body = data[_HEAD.size :]
    if form == SINGLE:
        return _unsqueeze(body, np.dtype("<f4"), count).astype(np.float64)
    if form == DOUBLE:
        doubles: Floats = _unsqueeze(body, np.dtype("<f8"), count)
        return doubles
    start, second = _TWO.unpack_from(body)
    if form == PROGRESSION:
        progression: Floats = start + second * np.arange(count)
        return progression
    differences = _unsqueeze(body[_TWO.size :], np.dtype(f"<i{int(second)}"), count - 1)
    whole = np.empty(count, np.int64)
    whole[0], whole[1:] = start, differences
    return np.cumsum(whole).astype(np.float64)


def join_parts(parts: Sequence[bytes]) -> bytes:
    """Several byte strings as one."""
    return struct.pack(f"<B{len(parts)}I", len(parts), *map(len, parts)) + b"".join(parts)


def split_parts(data: bytes) -> list[bytes]:
    """What `join_parts` joined."""
    count = data[0]
    sizes = struct.unpack_from(f"<{count}I", data, 1)
    parts, at = [], 1 + 4 * count
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    return parts


def _is_whole(values: Floats) -> bool:
    """Whether differences of 8-byte integers give the values back; -0.0 has a sign that integers lack."""
    if len(values) and not float(values[0]).is_integer():  # the common case at once
        return False
    if not ((np.trunc(values) == values) & (np.abs(values) <= LARGEST_WHOLE)).all():
        return False
    return not np.signbit(values[values == 0]).any()


def _smallest(differences: Floats) -> NDArray[Any]:
    low, high = differences.min(), differences.max()
    for dtype in ("<i1", "<i2", "<i4"):
        limits = np.iinfo(dtype)
        if limits.min <= low and high <= limits.max:
            return differences.astype(dtype)
    return differences.astype("<i8")


def _squeeze(values: NDArray[Any]) -> bytes:
    size = values.itemsize
    shuffled = np.ascontiguousarray(values).view(np.uint8).reshape(-1, size).T
    return zlib.compress(shuffled.tobytes(), 1)


def _unsqueeze(data: bytes, dtype: np.dtype[Any], count: int) -> NDArray[Any]:
    shuffled = np.frombuffer(zlib.decompress(data), np.uint8).reshape(dtype.itemsize, count)
    return np.ascontiguousarray(shuffled.T).view(dtype).reshape(count)
