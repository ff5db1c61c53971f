"""Rows ⇄ columns. A column is the values of one path and one kind, with their line numbers.

The path of a value is the tuple of keys that lead to it: {"a": {"b": 1}} has ("a", "b"), {"a.b": 1} has ("a.b",).
Both are the metric "a.b" to a reader and each comes back as it was logged. A dict is a path of its members, unless it
is empty, has a `_type` (media) or lies 16 deep: then it is a value.
The path () is the line itself: kind "empty" for {}, kind "corrupt" for a line that is not a JSON object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from tracking.history.lines import Corrupt, Row

Path = tuple[str, ...]

NUMBER, EMPTY, CORRUPT = "number", "empty", "corrupt"
MAX_DEPTH = 16
JSON_TYPES = {bool: "boolean", type(None): "null", str: "string", list: "list", dict: "object"}
STEP = "_step"
LARGEST_X = 1e300  # a chart's x beyond it could not be subtracted from another; no script means such a number


@dataclass
class Column:
    """Values of one path and kind; `values[i]` is of line `lines[i]`, ascending."""

    path: Path
    kind: str
    lines: list[int] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def put(self, line: int, value: Any) -> None:
        self.lines.append(line)
        self.values.append(value)


Columns = dict[tuple[Path, str], Column]


def transpose(numbered: Iterable[tuple[int, Row]]) -> Columns:
    """The columns of (line number, row) pairs, given in line order."""
    found: Columns = {}
    members: dict[str, tuple[list[int], list[Any]]] = {}
    for line, row in numbered:
        if isinstance(row, Corrupt):
            _column(found, (), CORRUPT).put(line, row.text)
            continue
        if not row:
            _column(found, (), EMPTY).put(line, None)
        _collect(members, line, row)
    for key, (lines, values) in members.items():
        _split(found, (key,), lines, values)
    return found


def values_named(row: dict[str, Any], name: str) -> Iterator[Any]:
    """Every value of a row that is called `name`, logged flat or nested."""
    if name in row:
        yield row[name]
    at = name.find(".")
    while at >= 0:
        inner = row.get(name[:at])
        if isinstance(inner, dict) and "_type" not in inner:
            yield from values_named(inner, name[at + 1 :])
        at = name.find(".", at + 1)


def step_of(row: dict[str, Any], line: int) -> float:
    """`_step`, or the line's number where the script logged no usable one (machine metrics have none)."""
    step = row.get(STEP)
    return float(step) if is_number(step) and -LARGEST_X <= step <= LARGEST_X else float(line)


def is_number(value: Any) -> TypeGuard[int | float]:
    """A JSON number; true and false are none."""
    return type(value) in (int, float)


def _collect(members: dict[str, tuple[list[int], list[Any]]], line: int, row: dict[str, Any]) -> None:
    for key, value in row.items():
        known = members.get(key)
        if known is None:
            members[key] = ([line], [value])
        else:
            known[0].append(line)
            known[1].append(value)


def _split(found: Columns, path: Path, lines: list[int], values: list[Any]) -> None:
    """Sort the values of one path by kind, and dicts by their members."""
    if set(map(type, values)) <= {int, float}:
        found[(path, NUMBER)] = Column(path, NUMBER, lines, values)
        return
    members: dict[str, tuple[list[int], list[Any]]] = {}
    for line, value in zip(lines, values, strict=True):
        if isinstance(value, dict) and value and "_type" not in value and len(path) < MAX_DEPTH:
            _collect(members, line, value)
        else:
            _column(found, path, _kind(value)).put(line, value)
    for key, (inner_lines, inner_values) in members.items():
        _split(found, (*path, key), inner_lines, inner_values)


def _kind(value: Any) -> str:
    if is_number(value):
        return NUMBER
    media = value.get("_type") if isinstance(value, dict) else None
    if isinstance(media, str) and media.isascii() and media.isprintable() and media != NUMBER:
        return media[:64]
    return JSON_TYPES[type(value)]


def _column(found: Columns, path: Path, kind: str) -> Column:
    column = found.get((path, kind))
    if column is None:
        column = found[(path, kind)] = Column(path, kind)
    return column
