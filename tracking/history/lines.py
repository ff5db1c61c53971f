"""Raw lines of one request ⇄ the bytes of a tail row, and the rows they say."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from tracking import wire


@dataclass(frozen=True)
class Corrupt:
    """A line that is not a JSON object. It keeps its number and its text; readers step over it."""

    text: str


Row = dict[str, Any] | Corrupt

# Stands between the lines while many are parsed at once. Nobody else knows it, so no line can contain it.
_MARK = secrets.token_hex(16)
_BETWEEN = f',"{_MARK}",'.encode()


def join(lines: Sequence[str]) -> bytes:
    """One line a line. A line break inside a line can only be white space of JSON and becomes a blank."""
    return "\n".join(line.replace("\n", " ") for line in lines).encode("utf-8", "surrogatepass")


def parse(data: bytes) -> list[Row]:
    """The rows of `join`ed lines, one per line whatever the lines hold."""
    count = data.count(b"\n") + 1
    if count == 1:
        return [_parse_line(data)]
    try:
        # One call for all lines: three times as fast as a call for each.
        parsed = orjson.loads(b"[" + data.replace(b"\n", _BETWEEN) + b"]")
    except orjson.JSONDecodeError:
        return [_parse_line(line) for line in data.split(b"\n")]
    rows = parsed[::2]
    # All marks between two elements each: then every line is exactly one JSON value.
    if len(parsed) == 2 * count - 1 and parsed[1::2].count(_MARK) == count - 1 and set(map(type, rows)) == {dict}:
        return rows  # type: ignore[no-any-return]
    return [_parse_line(line) for line in data.split(b"\n")]


def _parse_line(line: bytes) -> Row:
    try:
        row = wire.loads(line)
    except (ValueError, RecursionError):
        row = None
    return row if isinstance(row, dict) else Corrupt(line.decode("utf-8", "replace"))
