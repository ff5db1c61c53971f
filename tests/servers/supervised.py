"""`bin/server` as a person starts it, without the part that makes the venv."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.servers.prepared import clean_environment
from tests.servers.process import ROOT, Process, free_port, wait_for

RUNNING = "Stop with Ctrl-C."


def server_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "config.server", *arguments]


def run_server(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Start it and wait for its end, for starts that are refused."""
    command = server_command(*arguments)
    return subprocess.run(
        command, env=clean_environment(env or {}), cwd=ROOT, capture_output=True, text=True, timeout=60
    )


class Supervised:
    """`screen()` is what the person sees, `children()` the processes below it by name."""

    def __init__(self, data: Path, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = data
        command = server_command("--data", str(data), "--port", str(self.port), *arguments)
        data.parent.mkdir(parents=True, exist_ok=True)
        log = data.with_name(f"{data.name}.screen")
        self._process = Process(command, log=log, env=clean_environment(env or {}))

    def start(self) -> None:
        self._process.start()
        self._process.wait_for_log(RUNNING)

    def screen(self) -> str:
        return self._process.log_text()

    def children(self) -> dict[str, int]:
        """Process ids by what they do: guard, valkey, web, worker, beat."""
        listing = subprocess.run(
            ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        )
        found = {}
        for line in listing.stdout.splitlines():
            pid, parent, command = line.split(None, 2)
            if int(parent) == self._process.pid:
                found[_name(command)] = int(pid)
        return found

    def wait_until_ready(self) -> None:
        wait_for(self._is_ready, f"{self.url}/ready")

    def interrupt(self) -> int:
        """Ctrl-C; returns the exit code."""
        os.kill(self._process.pid, signal.SIGINT)
        wait_for(lambda: self._process.exit_code is not None, "the end of bin/server")
        return int(self._process.exit_code or 0)

    def kill(self) -> None:
        """kill -9 for the supervisor alone."""
        os.kill(self._process.pid, signal.SIGKILL)
        wait_for(lambda: self._process.exit_code is not None, "the end of bin/server")

    def stop(self) -> None:
        self._process.stop()

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if problem is not None:
            print(self.screen())


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits for its parent to notice does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(state.strip()) and not state.startswith("Z")


def _name(command: str) -> str:
    marks = {
        "config.server.guard": "guard",
        "config.server.web": "web",
        "valkey-server": "valkey",
        "celery -A config.beat beat": "beat",
    }
    for mark, name in marks.items():
        if mark in command:
            return name
    return command.partition("--hostname ")[2].partition("@")[0] or command
