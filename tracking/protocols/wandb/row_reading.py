"""Rows of a history by step, and a few of many."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any

from tracking import history
from tracking.history import HISTORY

Row = dict[str, Any]

KEPT_FOR_EACH = 8  # rows kept for each that is asked for: gaps then differ by an eighth at most
PAGE_LINES = 1024  # lines read at once when only some steps are wanted
MAX_REMEMBERED = 10_000
NO_STEP = 2**63  # beyond every step
_line_of: dict[tuple[int, int], int] = {}  # (run, step) → the first line of that step or a later one


class Missing:
    """Unlike a value, which may be null or anything else; equal to nothing but itself."""


MISSING = Missing()


def value_of(row: Row, key: str) -> Any:
    """The value under the key itself or, for `a.b`, inside nested objects."""
    if key in row:
        return row[key]
    first, dot, rest = key.partition(".")
    inner = row.get(first)
    return value_of(inner, rest) if dot and isinstance(inner, dict) else MISSING


def evenly(rows: Iterable[Row], limit: int) -> list[Row]:
    """At most `limit` of the rows, evenly spread, the first and the last among them, without keeping all of them."""
    kept: list[Row] = []
    stride, last, index = 1, None, -1
    for index, row in enumerate(rows):
        last = row
        if index % stride == 0:
            kept.append(row)
        if len(kept) > KEPT_FOR_EACH * limit:
            kept, stride = kept[::2], stride * 2
    if last is not None and index % stride:
        kept.append(last)
    if len(kept) <= limit:
        return kept
    return [kept[round(position * (len(kept) - 1) / max(1, limit - 1))] for position in range(limit)]


def between(run_id: int, min_step: int | None, max_step: int | None) -> Iterator[Row]:
    """Rows with `min_step` ≤ step < `max_step` in line order; steps grow with line numbers."""
    start = 0 if min_step is None or min_step <= 0 else _first_line(run_id, min_step)
    stop = history.next_line(run_id, HISTORY)
    page = stop - start if max_step is None else PAGE_LINES
    for first in range(start, stop, max(page, 1)):
        for line, row in history.rows(run_id, HISTORY, start_line=first, stop_line=first + page):
            step = row.get("_step", line)
            if max_step is not None and step >= max_step:
                _remember(run_id, max_step, line)
                return
            if min_step is None or step >= min_step:
                yield row


def _first_line(run_id: int, step: int) -> int:
    """Where to begin reading for a step. Clients ask for page after page, so the last page's end is remembered."""
    known = _line_of.get((run_id, step))
    if known is not None:
        return known
    lines = range(history.next_line(run_id, HISTORY))
    if step in lines and _step_at(run_id, step) == step:
        return step  # most runs log every step
    found = bisect_left(lines, step, key=lambda line: _step_at(run_id, line))
    _remember(run_id, step, found)
    return found


def _step_at(run_id: int, line: int) -> int:
    """The step of that line or of the next that is there."""
    for stop_line in (line + 1, None):
        for number, row in history.rows(run_id, HISTORY, start_line=line, stop_line=stop_line):
            return int(row.get("_step", number))
    return NO_STEP


def _remember(run_id: int, step: int, line: int) -> None:
    if len(_line_of) >= MAX_REMEMBERED:
        _line_of.clear()
    _line_of[run_id, step] = line
