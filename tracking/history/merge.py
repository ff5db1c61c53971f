"""Small chunks into large ones: adjacent chunks of one key and kind, up to 65,536 points.

A chunk is merged once those after it together have at least half as many points. So each value is written again
only as often as the chunk it is in grows by half, and a series of n points is in few chunks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.db.models.functions import Length

from tracking.history.chunks import MAX_POINTS, Chunk, chunk_of, write
from tracking.history.columns import NUMBER
from tracking.history.models import HistoryChunk
from tracking.history.points import joined, joined_others, numbers_from, others_from

MAX_BYTES = 2**20  # of one chunk; only values that are not numbers get there
BATCH_POINTS, BATCH_CHUNKS = 2**19, 500  # in one transaction


@dataclass(frozen=True)
class _Small:
    pk: int
    key_id: int
    kind: str
    count: int
    size: int  # bytes


class _ChunksMoved(Exception):
    """Another compactor merged some of these chunks; nothing was changed."""


def merge(stream_id: int) -> None:
    """Merge what is worth merging in a stream. Stops where another compactor is at the same chunks."""
    chunks = HistoryChunk.objects.filter(stream_id=stream_id).order_by("key_id", "kind", "first_line")
    sized = chunks.annotate(size=Length("raw")).values_list("pk", "key_id", "kind", "count", "size")
    groups = _groups([_Small(*row) for row in sized])
    try:
        for batch in _batches(groups):
            _replace(stream_id, batch)
    except _ChunksMoved:
        return


def _groups(chunks: Sequence[_Small]) -> Iterator[list[_Small]]:
    """Neighbours that become one chunk, of every key and kind."""
    for _series, members in groupby(chunks, key=lambda chunk: (chunk.key_id, chunk.kind)):
        group: list[_Small] = []
        for chunk in reversed(list(members)):
            count, size = sum(other.count for other in group), sum(other.size for other in group)
            fits = chunk.count + count <= MAX_POINTS and chunk.size + size <= MAX_BYTES
            if group and not (fits and chunk.count <= 2 * count):
                yield group
                group = []
            group.insert(0, chunk)
        yield group


def _batches(groups: Iterator[list[_Small]]) -> Iterator[list[list[_Small]]]:
    batch: list[list[_Small]] = []
    points = 0
    for group in groups:
        if len(group) > 1:
            batch.append(group)
            points += sum(chunk.count for chunk in group)
        if points >= BATCH_POINTS or len(batch) >= BATCH_CHUNKS:
            yield batch
            batch, points = [], 0
    if batch:
        yield batch


def _replace(stream_id: int, groups: Sequence[Sequence[_Small]]) -> None:
    old = [chunk.pk for group in groups for chunk in group]
    raw_of = dict(HistoryChunk.objects.filter(pk__in=old).values_list("pk", "raw"))
    if len(raw_of) < len(old):
        raise _ChunksMoved
    new = [_merged(stream_id, group, [bytes(raw_of[chunk.pk]) for chunk in group]) for group in groups]
    with transaction.atomic():
        if HistoryChunk.objects.filter(pk__in=old).delete()[0] != len(old):
            raise _ChunksMoved
        write(new)


def _merged(stream_id: int, group: Sequence[_Small], blobs: Sequence[bytes]) -> Chunk:
    key_id, kind = group[0].key_id, group[0].kind
    if kind == NUMBER:
        return chunk_of(stream_id, key_id, kind, joined([numbers_from(blob) for blob in blobs]))
    return chunk_of(stream_id, key_id, kind, joined_others([others_from(blob) for blob in blobs]))
