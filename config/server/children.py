"""A child of the supervisor: a process that is started again when it dies."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from config.server.guard import ask_to_end, kill_group

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0  # seconds before a dead child is started again; doubles with each death
FORGIVEN_AFTER = 60.0  # seconds of life after which earlier deaths no longer count
EVERY_LINE = re.compile("")
WORTH_A_LOOK = re.compile(r"^[0-9-]+ [0-9:,]+ (?=WARNING|ERROR|CRITICAL)")  # as settings.LOGGING writes them


class Child:
    """`command` in a session of its own, writing to `log`, of which the screen shows the lines that match `shows`.

    One that is not `kept` does its work once.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        *,
        pass_fds: Sequence[int] = (),
        shows: re.Pattern[str] = WORTH_A_LOOK,
        is_kept: bool = True,
    ) -> None:
        self.name, self.command, self.log, self.pass_fds = name, list(command), log, pass_fds
        self.shows, self.is_kept = shows, is_kept
        self.process: subprocess.Popen[bytes] | None = None
        self._pause = FIRST_PAUSE
        self._started_at = 0.0
        self._start_at = 0.0
        self._read_to = log.stat().st_size if log.exists() else 0

    def start(self) -> None:
        self._started_at = time.monotonic()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=self.pass_fds,
                start_new_session=True,  # Ctrl-C in the terminal reaches the supervisor only
            )

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def look_after(self) -> str:
        """Start it again when it has died and its pause is over; what happened in words, or ""."""
        if self.process is None:
            if time.monotonic() >= self._start_at:
                self.start()
            return ""
        if not self.has_ended or not self.is_kept:
            return ""
        how = _how_it_ended(self.process.returncode)
        kill_group(self.process.pid)  # what it had started
        self.process = None
        if time.monotonic() - self._started_at > FORGIVEN_AFTER:
            self._pause = FIRST_PAUSE
        self._start_at = time.monotonic() + self._pause
        message = f"{self.name} {how}; starting it again in {self._pause:.1f} s (log: {self.log})"
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        return message

    def news(self) -> list[str]:
        """Lines of its log since the last call that a person at the screen should see."""
        if not self.log.exists() or self.log.stat().st_size <= self._read_to:
            return []
        with self.log.open("rb") as file:
            file.seek(self._read_to)
            fresh = file.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._read_to += len(whole)
        lines = whole.decode(errors="replace").splitlines()
        return [self.shows.sub("", line) for line in lines if self.shows.match(line)]

    def ask_to_end(self) -> None:
        if self.process is not None and not self.has_ended:
            ask_to_end(self.process.pid)

    def end(self, limit: float) -> None:
        """Wait for it until the monotonic time `limit`, then kill it and all it has started."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, limit - time.monotonic()))
        kill_group(self.process.pid)
        self.process.wait()


def _how_it_ended(code: int) -> str:
    return f"ended with code {code}" if code >= 0 else f"was ended by {signal.Signals(-code).name}"
