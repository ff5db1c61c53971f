"""What changed between two texts, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 3  # unchanged lines shown around a change
MAX_LINES = 5000  # of either text; comparing costs their product


@dataclass(frozen=True)
class Line:
    """`kind` is "same", "added", "removed", or "skipped", which stands for `count` unchanged lines."""

    kind: str
    text: str = ""
    count: int = 1


@dataclass(frozen=True)
class Size:
    added: int
    removed: int


def between(before: str, after: str) -> list[Line] | None:
    """The lines of both texts in reading order, long unchanged stretches left out.

    Empty for equal texts, None for texts too long.
    """
    old, new = before.splitlines(), after.splitlines()
    if old == new:
        return []
    if max(len(old), len(new)) > MAX_LINES:
        return None
    lines: list[Line] = []
    for operation, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
        if operation == "equal":
            at_start, at_end = old_start == 0, old_end == len(old)
            lines.extend(_shorten(old[old_start:old_end], at_start=at_start, at_end=at_end))
        else:
            lines.extend(Line("removed", text) for text in old[old_start:old_end])
            lines.extend(Line("added", text) for text in new[new_start:new_end])
    return lines


def count(before: str, after: str) -> Size | None:
    """How many lines came and went; None for texts too long."""
    lines = between(before, after)
    if lines is None:
        return None
    return Size(*(sum(line.kind == kind for line in lines) for kind in ("added", "removed")))


def _shorten(lines: list[str], *, at_start: bool, at_end: bool) -> list[Line]:
    """The lines next to a change, with the number of those between them."""
    head = 0 if at_start else CONTEXT
    tail = 0 if at_end else CONTEXT
    left_out = len(lines) - head - tail
    if left_out <= 1:
        return [Line("same", text) for text in lines]
    kept = [Line("same", text) for text in lines[:head]]
    kept.append(Line("skipped", count=left_out))
    return kept + [Line("same", text) for text in lines[len(lines) - tail :]]
