"""The last one out: a small process that ends the supervisor's children when the supervisor is killed.

It learns of the death by the end of its standard input, which works on Linux and macOS alike. Each line there is
the whole list of processes to end, as process ids.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable

PATIENCE = 5.0  # seconds between asking and killing


class Guard:
    """The supervisor's hold on its guard."""

    def __init__(self) -> None:
        self._pids: list[int] = []
        self._start()

    def watch(self, pids: Iterable[int]) -> None:
        """Tell it whom to end; a guard that was killed itself is replaced."""
        pids = sorted(pids)
        if pids == self._pids and self._process.poll() is None:
            return
        self._pids = pids
        try:
            self._tell()
        except BrokenPipeError:
            self._pipe.close()
            self._process.wait()
            self._start()
            self._tell()

    def dismiss(self) -> None:
        """All children have ended: let it go with nothing to do."""
        self.watch([])
        self._pipe.close()
        self._process.wait()

    def _start(self) -> None:
        read, write = os.pipe()
        self._pipe = os.fdopen(write, "wb", buffering=0)
        command = [sys.executable, "-m", "config.server.guard"]
        self._process = subprocess.Popen(command, stdin=read, start_new_session=True)
        os.close(read)

    def _tell(self) -> None:
        self._pipe.write(" ".join(map(str, self._pids)).encode() + b"\n")


def ask_to_end(pid: int) -> None:
    """SIGTERM for the process alone: a worker ends its own children when they have finished their tasks."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


def kill_group(pid: int) -> None:
    """SIGKILL for the process and everything it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS denies it for a group of zombies
        os.killpg(pid, signal.SIGKILL)


def _main() -> None:
    pids: list[int] = []
    for line in sys.stdin:
        pids = [int(word) for word in line.split()]
    for pid in pids:
        ask_to_end(pid)
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and any(map(_is_there, pids)):
        time.sleep(0.1)
    for pid in pids:
        kill_group(pid)


def _is_there(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    _main()
