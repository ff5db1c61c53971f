"""Debrief as it runs in production, without the supervisor: web, worker and beat, each of which can be killed."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from config.server import processes
from tests.servers import engines
from tests.servers.brokers import Valkey
from tests.servers.prepared import (
    OWNER,
    OWNER_KEY,
    clean_environment,
    make_database,
    prepare_data_directory,
    prepare_database,
)
from tests.servers.process import ROOT, Process, free_port, wait_for

__all__ = ["OWNER", "OWNER_KEY", "Debrief"]


class Debrief:
    """A server with its data under `directory`. `api_key` belongs to the user `ada`, who is there from the start.

    `env` holds settings; without DATABASE_URL and REDIS_URL it is SQLite with a Valkey of its own, and in the run
    of the suite on the other engines a database of its own on PostgreSQL with Redis (tests/servers/engines.py).
    """

    def __init__(self, directory: Path, *, env: Mapping[str, str] | None = None, with_worker: bool = True) -> None:
        self.data = directory / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.api_key = OWNER_KEY
        self.env = clean_environment({"DATA_DIR": str(self.data), "SITE_URL": self.url, **(env or {})})
        self._logs = directory / "logs"
        self._valkey: Valkey | None = None
        self._with_worker = with_worker
        self._provisioner: subprocess.Popen[str] | None = None
        self.web = self._process("web", [])  # its command names a socket that is not there yet
        self.worker = self._process("worker", processes.worker("worker"))
        self.beat = self._process("beat", processes.beat(self.data))

    def start(self) -> None:
        self._logs.mkdir(parents=True, exist_ok=True)
        prepare_data_directory(self.data)
        self._choose_engines()
        self.launch_web()
        if self._with_worker:
            self.beat.start()
            self.start_worker()
        self._wait_for_web()

    def provision(self, line: dict[str, Any]) -> dict[str, Any]:
        """Send one line to `manage.py provision`; AssertionError when it answers with an error."""
        if self._provisioner is None:
            command = [sys.executable, "manage.py", "provision"]
            pipe = subprocess.PIPE
            self._provisioner = subprocess.Popen(command, env=self.env, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        assert self._provisioner.stdin is not None and self._provisioner.stdout is not None
        self._provisioner.stdin.write(json.dumps(line) + "\n")
        self._provisioner.stdin.flush()
        answer: dict[str, Any] = json.loads(self._provisioner.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer

    def launch_web(self) -> None:
        """Start the web process without waiting for it."""
        with socket.create_server(("127.0.0.1", self.port), backlog=512) as listening:
            self.web.command = processes.web(listening.fileno())
            self.web.start(pass_fds=[listening.fileno()])

    def start_web(self) -> None:
        self.launch_web()
        self._wait_for_web()

    def kill_web(self) -> None:
        """kill -9; connections are refused until `restart_web`."""
        self.web.kill()

    def restart_web(self) -> None:
        self.web.stop()
        self.start_web()

    def start_worker(self) -> None:
        said = self.worker.log_text().count(" ready.")
        self.worker.start()
        wait_for(lambda: self.worker.log_text().count(" ready.") > said or self.worker.exit_code is not None, "worker")
        assert self.worker.exit_code is None, f"the worker ended:\n{self.log_text()[-3000:]}"

    def kill_worker(self) -> None:
        self.worker.kill()

    def restart_worker(self) -> None:
        self.worker.stop()
        self.start_worker()

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def log_text(self) -> str:
        """What all processes have written so far."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self._logs.glob("*.log")))

    def stop(self) -> None:
        if self._provisioner is not None:
            self._provisioner.communicate()  # closes its standard input, which ends it
        for process in (self.worker, self.beat, self.web):
            process.ask_to_end()
        for process in (self.worker, self.beat, self.web):
            process.stop()
        if self._valkey is not None:
            self._valkey.stop()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if problem is not None:
            print(self.log_text()[-20_000:])  # pytest shows it below the failure

    def _choose_engines(self) -> None:
        if "REDIS_URL" not in self.env:
            if engines.redis_url():
                self.env["REDIS_URL"] = engines.redis_url()
            else:
                self._valkey = Valkey()
                self._valkey.start()
                self.env["REDIS_URL"] = self._valkey.url
        if "DATABASE_URL" in self.env:
            make_database(self.env)
        elif engines.postgres_url():
            self.env["DATABASE_URL"] = prepare_database(engines.postgres_url())

    def _wait_for_web(self) -> None:
        wait_for(lambda: self.is_ready() or self.web.exit_code is not None, "the web process")
        assert self.web.exit_code is None, f"the web process ended:\n{self.log_text()[-3000:]}"

    def _process(self, name: str, command: list[str]) -> Process:
        return Process(command, log=self._logs / f"{name}.log", env=self.env)
