"""What stands in the way of a start is one line that says what to do, never a traceback."""

from __future__ import annotations

import fcntl
import socket
from pathlib import Path

import pytest

from tests.servers import free_port
from tests.servers.supervised import run_server


def refusal(*arguments: str, env: dict[str, str] | None = None) -> str:
    """The one line on the screen of a start that is refused."""
    ended = run_server(*arguments, env=env)
    assert ended.returncode == 2, ended.stderr
    lines = ended.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("debrief: "), ended.stderr
    assert ended.stdout == ""
    return lines[0]


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refusal("--data", str(tmp_path), "--port", str(port))
    assert f"Port {port} is taken" in line and f"--port {port + 1}" in line


def test_a_host_of_another_machine(tmp_path: Path) -> None:
    assert "not an address of this machine" in refusal("--data", str(tmp_path), "--host", "203.0.113.7")


def test_a_data_directory_in_use_names_the_process(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711")
        lock.flush()
        line = refusal("--data", str(tmp_path), "--port", str(free_port()))
    assert "in use by another Debrief (process 4711)" in line


def test_a_data_directory_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert "is a file: name a directory" in refusal("--data", str(tmp_path / "data"))


def test_a_data_directory_that_cannot_be_made() -> None:
    assert "name a directory you may write to" in refusal("--data", "/dev/null/data")


def test_several_web_processes_on_sqlite(tmp_path: Path) -> None:
    line = refusal("--data", str(tmp_path), "--web", "2")
    assert "one write lock" in line and "DATABASE_URL=postgres://" in line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "70000"], "from 0 (any free port) to 65535"),
        (["--web", "-1"], "write 0 or more"),
        (["--web", "0", "--workers", "0", "--no-beat"], "leaves nothing to start"),
        (["--web", "0", "--demo"], "--demo needs a web process"),
    ],
)
def test_options_that_make_no_sense(arguments: list[str], words: str, tmp_path: Path) -> None:
    assert words in refusal("--data", str(tmp_path), *arguments)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "short", "write at least 32 random ones"),
        ("DATABASE_URL", "mysql://localhost/debrief", "must start with one of sqlite://, postgres://"),
        ("DATABASE_URL", "postgres://user:pa/ss@host/debrief", "percent-encode special characters"),
        ("REDIS_URL", "localhost:6379", "must start with one of redis://"),
        ("STORAGE_URL", "s3://host", "names no bucket"),
        ("STORAGE_URL", "file://relative/path", "must name an absolute path"),
        ("SITE_URL", "debrief.example.org", "must start with one of http://, https://"),
        ("SITE_URL", "https://example.org/debrief", "write it as in https://debrief.example.org"),
        ("SITE_URL", "https://example.org?team=a", "write it as in https://debrief.example.org"),
        ("SITE_URL", "https://example.org#top", "write it as in https://debrief.example.org"),
        ("SITE_URL", "https://user:word@example.org", "write it as in https://debrief.example.org"),
        ("SITE_URL", "https://", "write it as in https://debrief.example.org"),
        ("EMAIL_URL", "mail.example.org", "must start with one of smtp://"),
        ("EMAIL_URL", "smtp://", "names no host"),
        ("EMAIL_URL", "smtp://mail.example.org:mail", "give the port as a number"),
        ("HEARTBEAT_TIMEOUT", "5 minutes", "write a whole number of at least 1"),
        ("WORKER_CONCURRENCY", "0", "write a whole number of at least 1"),
        ("DEBUG", "maybe", "write true or false"),
        ("LOG_LEVEL", "LOUD", "write one of DEBUG, INFO, WARNING, ERROR"),
    ],
)
def test_a_setting_with_a_wrong_value(name: str, value: str, words: str, tmp_path: Path) -> None:
    line = refusal("--data", str(tmp_path), env={name: value})
    assert name in line and words in line
