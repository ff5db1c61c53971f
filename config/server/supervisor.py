"""Starts the processes of one machine, keeps them running, and leaves none behind."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import IO

from config.server import address, greeting, preparation, processes
from config.server.children import EVERY_LINE, Child
from config.server.guard import Guard
from config.server.options import CannotStart, Options

END_WITHIN = 6.0  # seconds from asking the children to end to killing them
WEB_ANSWERS_WITHIN = 60.0
TURN = 0.25  # seconds between looks at the children


class Supervisor:
    def __init__(self, options: Options, settings: ModuleType) -> None:
        self.options, self.settings = options, settings
        self.data: Path = settings.DATA_DIR
        self.logs = self.data / "logs"
        self.children: list[Child] = []

    def run(self) -> None:
        """Until KeyboardInterrupt. Raises CannotStart with the reason in one line."""
        with ExitStack() as held:
            held.enter_context(hold_data_directory(self.data))
            self.logs.mkdir(exist_ok=True)
            listening = None
            if self.options.web:
                listening = held.enter_context(address.listen(self.options.host, self.options.port))
                self._announce_address(listening)
            self.guard = Guard()
            held.callback(self._end)
            owner = self._prepare()
            self._start_children(listening)
            print(self._greeting(owner), flush=True)
            if self.options.demo:
                command = [sys.executable, "manage.py", "demo"]
                self._start(Child("demo", command, self.logs / "demo.log", shows=EVERY_LINE, is_kept=False))
            while True:
                self._look_after_children()
                time.sleep(TURN)

    def _announce_address(self, listening: socket.socket) -> None:
        """Tell the children, and bin/manage through a file, where people reach this server."""
        own = address.url(self.options.host, listening.getsockname()[1])
        self.url = os.environ.setdefault("SITE_URL", own)
        (self.data / "address").write_text(self.url)

    def _prepare(self) -> dict[str, str]:
        """Bring database and static files up to date if they are not; says who the first owner is if it made one."""
        settings = self.settings
        database = str(settings.DATABASES["default"]["NAME"]) if settings.SQLITE else ""
        if preparation.is_prepared(
            self.data, database=database, apps=settings.INSTALLED_APPS, static=settings.STATICFILES_DIRS
        ):
            return {}
        command = [sys.executable, "manage.py", "prepare"]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise CannotStart("the data directory could not be prepared; the reason is above.", exit_code=1)
        owner: dict[str, str] = json.loads(done.stdout)
        return owner

    def _start_children(self, listening: socket.socket | None) -> None:
        if "REDIS_URL" not in os.environ:
            own_directory_of_socket(self.settings.VALKEY_SOCKET)
            self._start(Child("valkey", processes.valkey(self.settings.VALKEY_SOCKET), self.logs / "valkey.log"))
        if listening is not None:
            for name in numbered("web", self.options.web):
                command = processes.web(listening.fileno())
                self._start(Child(name, command, self.logs / f"{name}.log", pass_fds=[listening.fileno()]))
            self._wait_for_web(listening)
        for name in numbered("worker", self.options.workers):
            self._start(Child(name, processes.worker(name), self.logs / f"{name}.log"))
        if self.options.beat:
            self._start(Child("beat", processes.beat(self.data), self.logs / "beat.log"))

    def _start(self, child: Child) -> None:
        child.start()
        self.children.append(child)
        self._tell_guard()

    def _wait_for_web(self, listening: socket.socket) -> None:
        """The workers wait for the first answer, so that pages are there as soon as can be."""
        limit = time.monotonic() + WEB_ANSWERS_WITHIN
        while not answers(listening):
            ended = next((child for child in self.children if child.has_ended), None)
            if ended is not None:
                lines = ended.log.read_text(errors="replace").splitlines() or ["it wrote nothing"]
                raise CannotStart(f"{ended.name} ended at once: {lines[-1]} (all of it: {ended.log})", exit_code=1)
            if time.monotonic() > limit:
                raise CannotStart(f"the web process does not answer; see {self.logs}.", exit_code=1)
            time.sleep(0.02)

    def _greeting(self, owner: dict[str, str]) -> str:
        if not self.options.web:
            return greeting.without_web(data=self.data)
        if owner:
            return greeting.first(url=self.url, data=self.data, owner=owner)
        return greeting.later(
            url=self.url,
            data=self.data,
            default_data=self.settings.BASE_DIR / "data",
            name=(self.data / preparation.OWNER).read_text().strip(),
        )

    def _look_after_children(self) -> None:
        for child in self.children:
            for line in child.news():
                say(f"{child.name}: {line[:300]}")
            message = child.look_after()
            if message:
                say(message)
        self._tell_guard()

    def _tell_guard(self) -> None:
        self.guard.watch(child.process.pid for child in self.children if child.process is not None)

    def _end(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # once is enough
        limit = time.monotonic() + END_WITHIN
        broker_last = sorted(self.children, key=lambda child: child.name == "valkey")
        for child in broker_last:
            if child.name != "valkey":
                child.ask_to_end()
        for child in broker_last:
            child.ask_to_end()
            child.end(limit)
        self.guard.dismiss()


def say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def numbered(name: str, count: int) -> list[str]:
    """One is plain, several are counted: web; web-1, web-2."""
    return [name] if count == 1 else [f"{name}-{number}" for number in range(1, count + 1)]


def hold_data_directory(data: Path) -> IO[str]:
    """Make the directory and lock it until the returned file is closed, so that two servers never share one."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (data / "lock").open("a+")
    except OSError as problem:
        raise CannotStart(f"--data {data}: {problem.strerror}; name a directory you may write to.") from problem
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise CannotStart(
            f"{data} is in use by another Debrief (process {holder}): stop that one, or name another --data."
        ) from problem
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def own_directory_of_socket(path: Path) -> None:
    """Make the socket's directory; refuse one that somebody else has put there (it may lie in /tmp)."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.parent.stat().st_uid != os.getuid():
        raise CannotStart(f"{path.parent} belongs to another user: choose a shorter --data, or set REDIS_URL.")


def answers(listening: socket.socket) -> bool:
    host, port = listening.getsockname()[:2]
    connection = http.client.HTTPConnection(address.EVERYWHERE.get(host, host), port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
