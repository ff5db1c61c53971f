"""Which runs moved, for whoever is looking: one hub of the process asks for all open pages at once.

It polls while anybody listens, in one query for all of them, and hands each listener what it may hear. A run that
moved several times since a listener last looked is kept once, so a slow one never piles up more than its runs.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from django.db import close_old_connections, connections
from django.db.models import Q
from django.utils import timezone

from tracking.models import Run

logger = logging.getLogger(__name__)
T = TypeVar("T")

POLL_SECONDS = 0.5
WINDOW = timedelta(seconds=60)  # longer than any transaction takes to commit after it wrote `changed_at`


@dataclass(frozen=True)
class Subjects:
    """What a listener wants to hear of: whole projects and single runs, by primary key."""

    projects: frozenset[int]
    runs: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.projects or self.runs)


@dataclass(frozen=True)
class Movement:
    """A run as the last look found it."""

    pk: int
    project: int
    run: str
    revision: int
    state: str


@dataclass(eq=False)
class Listener:
    """One open page. `waiting` holds at most one movement a run."""

    subjects: Subjects
    is_new: bool = True
    waiting: dict[int, Movement] = field(default_factory=dict)
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, movements: Iterable[Movement]) -> None:
        for moved in movements:
            if moved.project in self.subjects.projects or moved.pk in self.subjects.runs:
                self.waiting[moved.pk] = moved
        if self.waiting:
            self.woken.set()


class Hub:
    """The one place that looks: polls while anybody listens, on one thread with one database connection."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.is_stopping = False
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")
        self._recent: dict[int, Movement] = {}

    async def in_thread(self, work: Callable[[], T]) -> T:
        def run() -> T:
            close_old_connections()
            return work()

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)

    def join(self, listener: Listener) -> None:
        self.listeners.add(listener)
        if self._task is None:
            self.is_stopping = False
            self._task = asyncio.create_task(self._look_while_anybody_listens())

    def leave(self, listener: Listener) -> None:
        self.listeners.discard(listener)

    async def _look_while_anybody_listens(self) -> None:
        try:
            while self.listeners and not self.is_stopping:
                await self._look()
                await asyncio.sleep(POLL_SECONDS)
                self.is_stopping = _server_is_stopping()
        finally:
            self._task = None  # before anything is awaited: who joins from here on starts a new one
            self._recent = {}
            for listener in self.listeners:
                listener.woken.set()
            self._thread.submit(connections.close_all)

    async def _look(self) -> None:
        projects = frozenset(pk for listener in self.listeners for pk in listener.subjects.projects)
        runs = frozenset(pk for listener in self.listeners for pk in listener.subjects.runs)
        present = list(self.listeners)
        try:
            found = await self.in_thread(lambda: _moved_lately(Subjects(projects, runs)))
        except Exception:
            logger.exception("live: could not ask what moved in projects %s", sorted(projects)[:20])
            return
        news = [moved for pk, moved in found.items() if self._recent.get(pk) != moved]
        for listener in present:
            listener.offer(found.values() if listener.is_new else news)
            listener.is_new = False
        self._recent = found


hub = Hub()


def _moved_lately(subjects: Subjects) -> dict[int, Movement]:
    asked = Q(project_id__in=subjects.projects) | Q(pk__in=subjects.runs)
    rows = Run.objects.filter(asked, changed_at__gt=timezone.now() - WINDOW)
    fields = ("pk", "project_id", "name", "revision", "state")
    return {row[0]: Movement(*row) for row in rows.values_list(*fields)}


def _server_is_stopping() -> bool:
    """Whether uvicorn was asked to stop. It waits for open responses before it tells the application anything, but
    its `Server` is the owner of the signal handler (uvicorn/server.py: capture_signals) and knows at once."""
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return bool(getattr(server, "should_exit", False))
