"""Relay pages: edges with cursors, and whether more follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

PAGE = 50
LARGEST_PAGE = 1000


def size_of(first: int | None) -> int:
    return max(1, min(PAGE if first is None else first, LARGEST_PAGE))


def connection(nodes: Sequence[Any], size: int, cursor_of: Callable[[Any], str]) -> dict[str, Any]:
    """A page of `size` nodes out of `nodes`, which holds at least one more when there is a next page."""
    edges = [{"node": node, "cursor": cursor_of(node)} for node in nodes[:size]]
    info = {"end_cursor": edges[-1]["cursor"] if edges else None, "has_next_page": len(nodes) > size}
    return {"edges": edges, "page_info": info}
