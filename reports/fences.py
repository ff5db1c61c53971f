"""Finds the fenced blocks of a Markdown text: ``` or ~~~ at the left margin, as CommonMark reads them.

One scanner for everything that must agree on where a block is: the document's charts and the HTML around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CHART = "chart"
_MARK = re.compile(r"(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>.*?)[ \t]*\Z")


@dataclass(frozen=True)
class Fence:
    """One fenced block. `line` is the number of its opening line, counted from 1; `kind` the first word behind it."""

    kind: str
    source: str
    line: int
    closed: bool = True


def normalize(text: str) -> str:
    """The text with one kind of line end and without control characters, which no reader can see."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text)


def split(lines: Sequence[str]) -> Iterator[list[str] | Fence]:
    """The lines in order, as stretches outside of fences and as fences."""
    outside: list[str] = []
    index = 0
    while index < len(lines):
        mark = _opening(lines[index])
        if mark is None:
            outside.append(lines[index])
            index += 1
            continue
        if outside:
            yield outside
            outside = []
        fence, index = _read(lines, index, *mark)
        yield fence
    if outside:
        yield outside


def _opening(line: str) -> tuple[str, str] | None:
    """The mark and the words behind it, when the line opens a fence."""
    found = _MARK.match(line)
    if found is None or (found["mark"][0] == "`" and "`" in found["info"]):  # ```that``` is code in a sentence
        return None
    return found["mark"], found["info"]


def _read(lines: Sequence[str], start: int, mark: str, info: str) -> tuple[Fence, int]:
    """The fence opened on line `start` and the index of the line after it."""
    kind = info.split()[0] if info else ""
    end = start + 1
    while end < len(lines) and not _closes(lines[end], mark):
        if kind == CHART and _opens_another(lines[end]):
            break
        end += 1
    else:
        if end < len(lines):
            return Fence(kind, "\n".join(lines[start + 1 : end]), start + 1), end + 1
    if kind == CHART:
        # Somebody is typing, or forgot the end: the rest of the report must not vanish into this chart.
        end = next((i for i in range(start + 1, end) if not lines[i].strip()), end)
    return Fence(kind, "\n".join(lines[start + 1 : end]), start + 1, closed=False), end


def _closes(line: str, mark: str) -> bool:
    stripped = line.rstrip()
    return len(stripped) >= len(mark) and stripped == mark[0] * len(stripped)


def _opens_another(line: str) -> bool:
    mark = _opening(line)
    return mark is not None and bool(mark[1])
