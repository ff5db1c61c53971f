"""Private brokers: Valkey from the wheel on a Unix socket, and Debian's Redis on a port."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from config.server import processes
from tests.servers.process import Process, free_port, wait_for


class Broker:
    """Started on entering; `url` is what REDIS_URL takes. `kill` and `start` play an outage."""

    def __init__(self, command: list[str], url: str, directory: Path) -> None:
        self.url = url
        self._process = Process(command, log=directory / "broker.log", env=os.environ, cwd=directory)

    def start(self) -> None:
        self._process.start()
        wait_for(self._answers, f"the broker {self.url}")

    def kill(self) -> None:
        self._process.kill()

    def stop(self) -> None:
        self._process.stop()

    def _answers(self) -> bool:
        address = self.url.replace("redis+socket://", "unix://", 1)
        try:
            with redis.Redis.from_url(address) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class Valkey(Broker):
    """The broker of a single machine."""

    def __init__(self) -> None:
        directory = Path(tempfile.mkdtemp(prefix="valkey-"))  # short: the kernel limits the length of a socket's path
        socket = directory / "valkey.sock"
        super().__init__(processes.valkey(socket), f"redis+socket://{socket}", directory)


class Redis(Broker):
    """The broker of an installation on several machines. Needs redis-server."""

    def __init__(self) -> None:
        directory = Path(tempfile.mkdtemp(prefix="redis-"))
        port = free_port()
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        super().__init__(command, f"redis://127.0.0.1:{port}/0", directory)
