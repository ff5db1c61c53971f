"""Threads for the database work of plain ASGI callables, apart from those that serve pages.

SQLite has one writer, so one thread: requests queue here and not on the file's lock.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.conf import settings
from django.db import close_old_connections

T = TypeVar("T")

ingestion = ThreadPoolExecutor(max_workers=1 if settings.SQLITE else 4, thread_name_prefix="ingestion")
keys = ThreadPoolExecutor(max_workers=2, thread_name_prefix="keys")  # whoever has none must not hold up the others
uploads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="uploads")


class Backlog:
    """Counts the bytes of requests that wait for a thread, so that a slow disk cannot fill the memory with them.

    For the event loop's thread alone.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = 0

    def has_room(self, size: int) -> bool:
        return self._bytes + size <= self._limit

    @contextlib.contextmanager
    def holding(self, size: int) -> Iterator[None]:
        self._bytes += size
        try:
            yield
        finally:
            self._bytes -= size


async def run_in(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    """`work()` in a thread of the pool, whose database connection lives as long as settings allow."""
    return await asyncio.get_running_loop().run_in_executor(pool, _with_connection, work)


def _with_connection(work: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()
