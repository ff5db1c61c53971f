"""The tail: lines that came and are not in chunks yet, kept as they came."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models.functions import Length

from tracking.history.lines import Row, parse
from tracking.history.models import HistoryTail


@dataclass(frozen=True)
class TailRow:
    """Lines `offset … stop - 1` of one stream."""

    stream_id: int
    offset: int
    count: int
    data: bytes

    @property
    def stop(self) -> int:
        return self.offset + self.count

    def may_hold(self, name: str) -> bool:
        """False when the metric is certainly not in these lines; without parsing them."""
        return b"\\" in self.data or name.rpartition(".")[2].encode("utf-8", "surrogatepass") in self.data

    def numbered(self) -> list[tuple[int, Row]]:
        """(line number, row) of each line."""
        return list(enumerate(parse(self.data), self.offset))


FIELDS = ("stream_id", "offset", "count", "data")


def of_streams(stream_ids: Collection[int]) -> list[TailRow]:
    """Every tail row of these streams, by stream and line."""
    rows = HistoryTail.objects.filter(stream_id__in=stream_ids).order_by("stream_id", "offset")
    return [_tail_row(*row) for row in rows.values_list(*FIELDS)]


def take(stream_id: int, start_line: int, *, max_lines: int, max_bytes: int) -> list[TailRow]:
    """The first tail rows that hold lines from `start_line` on: whole rows, at least one if there is any.

    Compaction may take rows away between the two statements; it takes them from the front, so what is returned is
    without holes that were not there.
    """
    rows = HistoryTail.objects.filter(stream_id=stream_id).order_by("offset")
    # A row that begins before start_line may reach over it; rows do not overlap, so only the last of those can.
    before = rows.filter(offset__lte=start_line).order_by("-offset").values_list("offset", flat=True).first()
    sizes = rows.filter(offset__gte=start_line if before is None else before).annotate(size=Length("data"))
    first = last = None
    lines = size = 0
    for offset, count, length in sizes.values_list("offset", "count", "size")[: max_lines + 1]:
        if offset + count <= start_line:
            continue
        lines, size = lines + count, size + length
        if first is not None and (lines > max_lines or size > max_bytes):
            break
        first, last = offset if first is None else first, offset
    if first is None or last is None:
        return []
    return [_tail_row(*row) for row in rows.filter(offset__range=(first, last)).values_list(*FIELDS)]


def _tail_row(stream_id: int, offset: int, count: int, data: bytes) -> TailRow:
    return TailRow(stream_id, offset, count, bytes(data))
