"""A private PostgreSQL with a cluster of its own in a temporary directory. Needs Debian's postgresql package."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from tests.servers.process import Process, free_port, wait_for

USER = "postgres"


def find_programs() -> Path | None:
    """The directory of initdb and postgres: on the PATH, or the newest where Debian puts them."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


class Postgres:
    """`url` is what DATABASE_URL takes. Durability is off: the cluster lives as long as its tests."""

    def __init__(self) -> None:
        programs = find_programs()
        assert programs is not None, "PostgreSQL is not installed: apt-get install postgresql"
        self.directory = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.port = free_port()
        self.url = f"postgres://{USER}@127.0.0.1:{self.port}/postgres"
        data = self.directory / "data"
        self._make = [str(programs / "initdb"), "-D", str(data), "-U", USER, "--auth=trust", "--no-sync", "-E", "UTF8"]
        self._serve = [str(programs / "postgres"), "-D", str(data), "-p", str(self.port)]
        for option in ("listen_addresses=127.0.0.1", f"unix_socket_directories={self.directory}", "fsync=off"):
            self._serve += ["-c", option]
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(self.directory, USER)
            self._make, self._serve = (["runuser", "-u", USER, "--", *part] for part in (self._make, self._serve))
        self._process = Process(self._serve, log=self.directory / "log", env=os.environ, cwd=self.directory)

    def create_database(self, name: str, template: str = "template1") -> str:
        """A new database, as a copy of `template`; returns its URL."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url.removesuffix("postgres") + name

    def __enter__(self) -> Self:
        subprocess.run(self._make, check=True, stdout=subprocess.DEVNULL, cwd=self.directory)
        self._process.start()
        wait_for(self._answers, f"PostgreSQL on port {self.port}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.stop(signal.SIGINT)  # "fast": does not wait for clients to leave
        shutil.rmtree(self.directory, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True
