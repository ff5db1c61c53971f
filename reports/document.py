"""A report's document: Markdown text with live blocks in fences. Text in, blocks out; no database, no request."""

from __future__ import annotations

from dataclasses import dataclass

from reports.blocks import chart
from reports.blocks.chart import ChartBlock
from reports.fences import Fence, normalize, split

MAX_BYTES = 1024 * 1024  # of UTF-8; a text of that size is a book


@dataclass(frozen=True)
class Document:
    """`text` is what the Markdown reader sees; `charts` are its chart blocks in order, broken ones included."""

    text: str
    charts: tuple[ChartBlock, ...]

    @property
    def broken(self) -> tuple[ChartBlock, ...]:
        return tuple(block for block in self.charts if block.error)


def read(text: str) -> Document:
    """Find the blocks of a text. Never raises: a block that cannot be read carries its error."""
    text = normalize(text)
    fences = [part for part in split(text.split("\n")) if isinstance(part, Fence) and part.kind == chart.KIND]
    return Document(text, tuple(chart.read(fence, number) for number, fence in enumerate(fences)))


def byte_size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
