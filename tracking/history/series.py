"""Series for a chart: from chunks at the coarsest level that will do, and from the tail, on the x that was asked for.

**One view without a transaction.** A transaction would take the write lock on SQLite (they are IMMEDIATE). Instead
the tail is read *first* and chunks *after* it, all chunks of a stream in one statement, which is one view by itself.
A line that is compacted between the two is seen twice and dropped from the tail: the chunks of a key hold *every*
line of that key below some line number and none above it, so a tail line up to the chunks' last line is a repeat.
A line that arrives between the two is seen with the next look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from tracking.history import dictionary, tail
from tracking.history.columns import LARGEST_X, NUMBER, STEP, is_number, step_of, values_named
from tracking.history.lines import Corrupt, Row
from tracking.history.models import HistoryChunk, HistoryStream
from tracking.history.points import Numbers, Places, joined, numbers, numbers_from
from tracking.history.spans import LEVEL1, LEVEL2, NOTHING, Spans, concatenated, spans_from, spans_of
from tracking.history.types import Stream

SHARE_OF_WIDTH = 0.4  # a level with fewer spans than this share of the width is too coarse
RAW = 1
POINTS_PER_SPAN = {LEVEL2: LEVEL1, LEVEL1: RAW}  # each level's next finer one
IS_RAW = {
    RAW: Value(True),
    LEVEL1: ExpressionWrapper(Q(level1=None), output_field=BooleanField()),
    LEVEL2: ExpressionWrapper(Q(level1=None), output_field=BooleanField()),
}
BLOBS = {RAW: F("raw"), LEVEL1: Coalesce("level1", "raw"), LEVEL2: Coalesce("level2", "level1", "raw")}


@dataclass(frozen=True)
class Question:
    """What a chart asks: `key` over `x`, x within `start … stop` (None: no bound), about `width` positions wide."""

    key: str
    x: str
    start: float | None
    stop: float | None
    width: int

    @property
    def names(self) -> set[str]:
        return {self.key} if self.x == STEP else {self.key, self.x}

    @property
    def is_bounded(self) -> bool:
        return self.start is not None or self.stop is not None

    @property
    def low(self) -> float:
        return -LARGEST_X if self.start is None else self.start

    @property
    def high(self) -> float:
        return LARGEST_X if self.stop is None else self.stop


Series = dict[tuple[int, str], Spans]  # by (stream row, name)
TailSeries = dict[tuple[int, str], Numbers]


def curves(run_ids: Collection[int], stream: Stream, question: Question) -> tuple[dict[int, Spans], bool]:
    """The spans of each run, and whether every one is a single logged point."""
    rows = HistoryStream.objects.filter(run_id__in=run_ids, stream=stream)
    streams = list(rows.values_list("pk", "run_id", "done", "next"))
    waiting = tail_series((pk for pk, _run, done, upper in streams if upper > done), question.names)
    reader = _Reader(question, waiting, dictionary.ids_named(question.names))
    level_of = reader.levels([pk for pk, *_rest in streams])
    found = dict(_answers(reader, level_of))
    by_run = {run: found[pk][0] for pk, run, *_rest in streams}
    return by_run, all(level == RAW for _spans, level in found.values())


def tail_series(stream_ids: Iterable[int], names: Collection[str]) -> TailSeries:
    """The numbers called `names` in the tails of these streams, in line order."""
    found: dict[tuple[int, str], list[tuple[int, float, int | float]]] = defaultdict(list)
    for row in tail.of_streams(list(stream_ids)):
        here = [name for name in names if row.may_hold(name)]
        numbered = row.numbered() if here else []
        for name in here:
            found[row.stream_id, name] += _numbers_named(numbered, name)
    return {place: _from_points(points) for place, points in found.items() if points}


def _numbers_named(numbered: Sequence[tuple[int, Row]], name: str) -> list[tuple[int, float, int | float]]:
    """(line, step, value) of each number called `name`."""
    if "." in name:
        return [
            (line, step_of(row, line), value)
            for line, row in numbered
            if not isinstance(row, Corrupt)
            for value in filter(is_number, values_named(row, name))
        ]
    return [
        (line, step_of(row, line), row[name])
        for line, row in numbered
        if type(row) is dict and is_number(row.get(name))
    ]


def _from_points(points: Sequence[tuple[int, float, int | float]]) -> Numbers:
    lines, steps, values = zip(*points, strict=True)
    return numbers(Places(np.array(lines, np.int64), np.array(steps)), values)


def _answers(reader: _Reader, level_of: dict[int, int]) -> Iterator[tuple[int, tuple[Spans, int]]]:
    """(stream row, (spans, level)), from one statement per level and further ones where a zoom needs a finer level."""
    for level in sorted(set(level_of.values())):
        members = [pk for pk, its in level_of.items() if its == level]
        series = reader.read(members, level)
        for pk in members:
            yield pk, _answer(reader, pk, level, series)


def _answer(reader: _Reader, pk: int, level: int, series: Series) -> tuple[Spans, int]:
    question, window = reader.question, None
    while True:
        spans: Spans | None = series.get((pk, question.key), NOTHING)
        if spans is not None and question.x != STEP:
            spans = _along(spans, series.get((pk, question.x), NOTHING), level)
        if spans is not None and not question.is_bounded:
            return spans, level
        if spans is not None:
            near = (spans.last_x >= question.low) & (spans.first_x <= question.high)
            inside = spans.where((spans.x >= question.low) & (spans.x <= question.high))
            if level == RAW or not near.any() or len(inside) >= SHARE_OF_WIDTH * question.width:
                return inside, level
            window = (int(spans.first_line[near].min()), int(spans.last_line[near].max()))
        level = POINTS_PER_SPAN[level] if spans is not None else RAW
        series = reader.read([pk], level, window)


@dataclass(frozen=True)
class _Reader:
    """The chunks a question needs, with the tail as it was before any of them was read."""

    question: Question
    waiting: TailSeries
    names: dict[int, str]  # by dictionary number

    def levels(self, stream_ids: Collection[int]) -> dict[int, int]:
        """For each stream the coarsest level that leaves enough spans, judged by how many points the chunks have."""
        keys = [key for key, name in self.names.items() if name == self.question.key]
        chunks = self._chunks(stream_ids).filter(key_id__in=keys)
        totals = dict(chunks.order_by().values_list("stream_id").annotate(total=Sum("count")))
        enough = SHARE_OF_WIDTH * self.question.width
        return {
            pk: next((level for level in (LEVEL2, LEVEL1) if totals.get(pk, 0) >= level * enough), RAW)
            for pk in stream_ids
        }

    def read(self, stream_ids: Collection[int], level: int, window: tuple[int, int] | None = None) -> Series:
        """Every series of these streams at a level, its tail added; `window` bounds the lines of the chunks."""
        chunks = self._chunks(stream_ids).annotate(is_raw=IS_RAW[level], blob=BLOBS[level])
        if window is not None:
            chunks = chunks.filter(first_line__lte=window[1], last_line__gte=window[0])
        points: dict[tuple[int, str], list[Numbers]] = defaultdict(list)
        spans: dict[tuple[int, str], list[Spans]] = defaultdict(list)
        last_line: dict[tuple[int, str], int] = defaultdict(lambda: -1)
        for pk, key, last, is_raw, blob in chunks.values_list("stream_id", "key_id", "last_line", "is_raw", "blob"):
            place = (pk, self.names[key])
            last_line[place] = max(last_line[place], last)
            if is_raw:
                points[place].append(numbers_from(bytes(blob)))
            else:
                spans[place].append(spans_from(bytes(blob)))
        for pk in stream_ids:
            for name in self.question.names:
                place = (pk, name)
                if place in self.waiting:
                    points[place].append(_after(self.waiting[place], last_line[place]))
        for place, parts in points.items():
            spans[place].append(spans_of(joined(parts)))
        return {place: concatenated(parts) for place, parts in spans.items()}

    def _chunks(self, stream_ids: Collection[int]) -> QuerySet[HistoryChunk]:
        chunks = HistoryChunk.objects.filter(stream_id__in=stream_ids, key_id__in=self.names, kind=NUMBER)
        if self.question.x == STEP and self.question.is_bounded:
            chunks = chunks.filter(last_step__gte=self.question.low, first_step__lte=self.question.high)
        return chunks.order_by("stream_id", "key_id", "first_line")


def _after(points: Numbers, line: int) -> Numbers:
    """The points of lines beyond `line`."""
    places = points.places
    start = int(np.searchsorted(places.lines, line, side="right"))
    rest = Places(places.lines[start:], places.steps[start:])
    return Numbers(rest, points.values[start:], points.whole[start:], exact={})


def _along(spans: Spans, x: Spans, level: int) -> Spans | None:
    """`spans` placed by the values of another series, line by line; None when their spans cover different lines."""
    if not len(x):
        return NOTHING
    if np.array_equal(x.first_line, spans.first_line):
        met = x.last_line == spans.last_line
    else:
        x = x.where(np.argsort(x.first_line, kind="stable"))
        x = x.where(np.searchsorted(x.first_line, spans.first_line).clip(max=len(x) - 1))
        met = (x.first_line == spans.first_line) & (x.last_line == spans.last_line)
    if level > RAW and not met.all():
        return None
    met &= (x.low >= -LARGEST_X) & (x.high <= LARGEST_X)  # NaN is neither
    met_x = x.where(met)
    return replace(spans.where(met), first_x=met_x.low, last_x=met_x.high)
