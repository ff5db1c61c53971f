"""Spans: consecutive points of one key summed up. A raw point is a span of one.

The levels of a chunk, and the buckets of a chart, are spans combined from finer ones, so that the first, last,
smallest and largest value of the points survive every step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracking.history.codec import join_parts, pack, split_parts, unpack
from tracking.history.points import Lines, Numbers, Places
from tracking.history.types import Floats

LEVEL1, LEVEL2 = 64, 4096  # points a span


@dataclass(frozen=True)
class Spans:
    """Arrays of one length. `low`, `high`, `first` and `last` are NaN and `total` 0 where `count` is 0.

    `count` is how many finite values a span has, `nonfinite` how many NaN and infinities.
    """

    first_line: Lines
    last_line: Lines
    first_x: Floats
    last_x: Floats
    count: Lines
    nonfinite: Lines
    low: Floats
    high: Floats
    first: Floats
    last: Floats
    total: Floats

    def __len__(self) -> int:
        return len(self.first_line)

    @property
    def x(self) -> Floats:
        """Where a span stands: the middle of its x; for a point its x."""
        return self.first_x if self.first_x is self.last_x else self.first_x + (self.last_x - self.first_x) / 2

    def where(self, chosen: NDArray[np.bool_] | Lines) -> Spans:
        """The chosen spans, by mask or by index."""
        if chosen.dtype == np.bool_ and chosen.all():
            return self
        return self._map(lambda array: array[chosen])

    def to_bytes(self) -> bytes:
        integers = np.concatenate([self.first_line, self.last_line, self.count, self.nonfinite]).astype(np.float64)
        x = np.concatenate([self.first_x, self.last_x])
        values = np.concatenate([self.low, self.high, self.first, self.last])
        return join_parts([pack(integers), pack(x), pack(values), pack(self.total)])

    def _map(self, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Spans:
        # Fields that are one array stay one array: a point is its own low, high, first, last and total.
        changed: dict[int, NDArray[Any]] = {}
        for field in fields(self):
            array = getattr(self, field.name)
            if id(array) not in changed:
                changed[id(array)] = change(array)
        return Spans(**{field.name: changed[id(getattr(self, field.name))] for field in fields(self)})


def spans_from(data: bytes) -> Spans:
    integers, x, values, total = (unpack(part) for part in split_parts(data))
    first_line, last_line, count, nonfinite = integers.astype(np.int64).reshape(4, -1)
    first_x, last_x = x.reshape(2, -1)
    low, high, first, last = values.reshape(4, -1)
    return Spans(first_line, last_line, first_x, last_x, count, nonfinite, low, high, first, last, total)


def spans_of(points: Numbers) -> Spans:
    """Each point as a span of one."""
    finite = np.isfinite(points.values)
    if finite.all():
        values = total = points.values
    else:
        values, total = np.where(finite, points.values, np.nan), np.where(finite, points.values, 0.0)
    count = finite.astype(np.int64)
    line, x = points.places.lines, points.places.steps
    return Spans(line, line, x, x, count, 1 - count, values, values, values, values, total)


def combine(spans: Spans, starts: Lines) -> Spans:
    """Neighbours as one: group `i` is spans `starts[i] … starts[i + 1] - 1`; `starts` begins with 0, none twice.

    The spans ascend in x, and in lines if the result's lines are to mean anything.
    """
    ends = np.append(starts[1:], len(spans)) - 1
    first, last = starts, ends
    smallest: np.ufunc = np.minimum
    largest: np.ufunc = np.maximum
    if not spans.count.all():  # some span has no finite value: look for the first and last that has one
        smallest, largest = np.fmin, np.fmax  # these step over NaN
        index, some = np.arange(len(spans)), spans.count > 0
        first = np.minimum.reduceat(np.where(some, index, len(spans)), starts).clip(max=ends)
        last = np.maximum.reduceat(np.where(some, index, -1), starts).clip(min=starts)
    with np.errstate(over="ignore"):  # the sum of finite values may be infinite
        total = np.add.reduceat(spans.total, starts)
    return Spans(
        first_line=spans.first_line[starts],
        last_line=spans.last_line[ends],
        first_x=spans.first_x[starts],
        last_x=spans.last_x[ends],
        count=np.add.reduceat(spans.count, starts),
        nonfinite=np.add.reduceat(spans.nonfinite, starts),
        low=smallest.reduceat(spans.low, starts),
        high=largest.reduceat(spans.high, starts),
        first=spans.first[first],
        last=spans.last[last],
        total=total,
    )


def every(spans: Spans, size: int) -> Spans:
    """Groups of `size` neighbours."""
    return combine(spans, np.arange(0, len(spans), size))


def concatenated(parts: Sequence[Spans]) -> Spans:
    if len(parts) == 1:
        return parts[0]
    names = [field.name for field in fields(Spans)]
    return Spans(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


NOTHING = spans_of(Numbers(Places(np.empty(0, np.int64), np.empty(0)), np.empty(0), np.empty(0, np.bool_), exact={}))
