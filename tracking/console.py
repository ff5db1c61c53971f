"""A run's console: line number → text. Lines may be rewritten; ranges are read without loading the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max

from tracking.models import ConsoleLine


@dataclass(frozen=True)
class Line:
    """`text` keeps its ANSI colours; `written_at` is the client's time stamp, ISO 8601 or empty."""

    text: str
    is_error: bool = False
    written_at: str = ""


def write(run_id: int, offset: int, lines: Sequence[Line]) -> None:
    """Upsert lines `offset …`; the last writer wins."""
    ConsoleLine.objects.bulk_create(
        [
            ConsoleLine(
                run_id=run_id,
                number=offset + index,
                text=line.text.replace("\x00", ""),  # PostgreSQL stores no NUL
                is_error=line.is_error,
                written_at=line.written_at[:32],
            )
            for index, line in enumerate(lines)
        ],
        update_conflicts=True,
        unique_fields=["run", "number"],
        update_fields=["text", "is_error", "written_at"],
        batch_size=500,
    )


def read(run_id: int, start: int, count: int) -> list[tuple[int, Line]]:
    """(number, line) for numbers `start … start + count - 1` that exist, in order."""
    rows = ConsoleLine.objects.filter(run_id=run_id, number__gte=start, number__lt=start + count).order_by("number")
    return [(row.number, Line(row.text, row.is_error, row.written_at)) for row in rows]


def next_line(run_id: int) -> int:
    """The highest line number plus one; 0 for an empty console."""
    highest = ConsoleLine.objects.filter(run_id=run_id).aggregate(highest=Max("number"))["highest"]
    return 0 if highest is None else highest + 1


def has_all(run_id: int, offset: int, count: int) -> bool:
    """Whether every line `offset … offset + count - 1` was written before, whatever its text."""
    stop = offset + count
    return ConsoleLine.objects.filter(run_id=run_id, number__gte=offset, number__lt=stop).count() == count


def search(run_id: int, text: str, limit: int) -> list[int]:
    """Numbers of the lines that hold `text`, whatever its case, in order; the first `limit` of them."""
    found = ConsoleLine.objects.filter(run_id=run_id, text__icontains=text).order_by("number")
    return list(found.values_list("number", flat=True)[:limit])
