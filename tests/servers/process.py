"""One process with a log file, and waiting for what it does."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds to wait for anything before a test fails; never a measure of speed

T = TypeVar("T")


def wait_for(condition: Callable[[], T], what: str, patience: float = PATIENCE) -> T:
    """Poll until `condition()` is true and return its value; AssertionError naming `what` when it never is."""
    limit = time.monotonic() + patience
    while not (value := condition()):
        assert time.monotonic() < limit, f"waited {patience:.0f} s for {what}"
        time.sleep(0.05)
    return value


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listens on at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Process:
    """A command in a process group of its own, so that what it starts ends with it."""

    def __init__(self, command: Sequence[str], *, log: Path, env: Mapping[str, str], cwd: Path = ROOT) -> None:
        self.command, self.log, self.env, self.cwd = list(command), log, env, cwd
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self, *, pass_fds: Sequence[int] = ()) -> None:
        with self.log.open("ab") as output:
            self._popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.env,
                cwd=self.cwd,
                pass_fds=pass_fds,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        assert self._popen is not None, "the process was not started"
        return self._popen.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        assert self._popen is not None, "the process was not started"
        return self._popen.poll()

    def kill(self) -> None:
        """kill -9 for the whole group, as a power cut would."""
        if self._popen is not None:
            self._signal_group(signal.SIGKILL)
            self._popen.wait()

    def ask_to_end(self) -> None:
        """SIGTERM for the process alone: a worker ends its own children when they have finished their tasks."""
        if self._popen is not None and self._popen.poll() is None:
            self._popen.terminate()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, and kill what is left of its group when it has, or has not within ten seconds."""
        if self._popen is None:
            return
        if how == signal.SIGTERM:
            self.ask_to_end()
        else:
            self._signal_group(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(10)
        self.kill()

    def log_text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_for_log(self, words: str) -> None:
        """Wait until the log says `words`; fails at once, showing the log, when the process ends before."""
        wait_for(lambda: words in self.log_text() or self.exit_code is not None, f"{words!r} in {self.log.name}")
        assert words in self.log_text(), f"{self.command[:4]} ended:\n{self.log_text()[-3000:]}"

    def _signal_group(self, number: signal.Signals) -> None:
        assert self._popen is not None
        with contextlib.suppress(ProcessLookupError):  # it ended by itself, and what it had started too
            os.killpg(self._popen.pid, number)
