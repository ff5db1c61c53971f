"""`bin/server` starts everything, keeps it running, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.servers import Postgres, Redis, wait_for
from tests.servers.postgres import find_programs
from tests.servers.supervised import Supervised, is_alive


@dataclass(frozen=True)
class FirstStart:
    """What the first start in an empty directory left there and showed, and what its link and key gave."""

    data: Path
    screen: str
    url: str
    link_status: int
    username: str


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    data = tmp_path_factory.mktemp("first") / "data"
    with Supervised(data) as server:
        screen = server.screen()
        link, key = re.search(r"http\S+/signin/\S+", screen), re.search(r"WANDB_API_KEY=(\S+)", screen)
        assert link and key, screen
        status = httpx.get(link[0]).status_code
        query = {"query": "{ viewer { username } }"}
        viewer = httpx.post(f"{server.url}/graphql", json=query, auth=("api", key[1])).json()["data"]["viewer"]
    return FirstStart(data, screen, server.url, status, viewer["username"])


@pytest.fixture
def data(first_start: FirstStart, tmp_path: Path) -> Path:
    """A copy of it: copying the folder moves the server."""
    return Path(shutil.copytree(first_start.data, tmp_path / "data", ignore=shutil.ignore_patterns("*.sock")))


def test_the_first_start_says_how_to_sign_in_and_what_to_paste(first_start: FirstStart) -> None:
    assert f"Debrief is running at {first_start.url}\n" in first_start.screen
    assert f"Sign in as {first_start.username} " in first_start.screen
    lines = f"export WANDB_BASE_URL={first_start.url}\n    export WANDB_API_KEY=debrief-"
    assert lines in first_start.screen


def test_the_first_link_leads_to_a_page(first_start: FirstStart) -> None:
    assert first_start.link_status == 200


def test_a_later_start_says_how_to_get_a_new_link(data: Path) -> None:
    with Supervised(data) as server:
        command = re.search(r"A new sign-in link: (DATA_DIR=\S+ bin/manage signin \S+)", server.screen())
        assert "WANDB_API_KEY" not in server.screen()
        assert "Preparing the database" not in server.screen()
        assert command
        _setting, _program, verb, name = command[1].split()
        link = subprocess.run(
            [sys.executable, "manage.py", verb, name],
            env={**os.environ, "DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "config.settings", "SITE_URL": ""},
            capture_output=True,
            text=True,
        )
        assert link.stdout.startswith(f"{server.url}/signin/"), link.stderr


def test_a_child_that_dies_is_started_again(data: Path) -> None:
    with Supervised(data) as server:
        for name in ("web", "worker", "beat", "valkey", "guard"):
            before = server.children()[name]
            os.kill(before, signal.SIGKILL)
            wait_for(lambda name=name, before=before: server.children().get(name, before) != before, f"a new {name}")  # type: ignore[misc]
        server.wait_until_ready()
        for name in ("web", "worker", "beat", "valkey"):
            assert f"{name} was ended by SIGKILL; starting it again" in server.screen()


def test_requests_wait_while_the_web_process_is_started_again(data: Path) -> None:
    with Supervised(data) as server:
        os.kill(server.children()["web"], signal.SIGKILL)
        assert httpx.get(f"{server.url}/healthz", timeout=60).status_code == 200


def test_ctrl_c_ends_every_process(data: Path) -> None:
    server = Supervised(data)
    server.start()
    children = server.children()
    assert set(children) == {"guard", "valkey", "web", "worker", "beat"}
    assert server.interrupt() == 0
    assert [name for name, pid in children.items() if is_alive(pid)] == []
    assert "Traceback" not in server.screen()


def test_a_supervisor_that_is_killed_leaves_nothing_behind(data: Path) -> None:
    server = Supervised(data)
    server.start()
    worker_pool = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    children = server.children()
    below = [int(pid) for pid, parent in map(str.split, worker_pool) if int(parent) == children["worker"]]
    server.kill()
    for pid in [*children.values(), *below]:
        wait_for(lambda pid=pid: not is_alive(pid), f"the end of {pid}")  # type: ignore[misc]
    with Supervised(data) as again:  # and nothing of it stands in the way
        again.wait_until_ready()


def test_a_web_process_that_cannot_start_says_why_and_ends_the_rest(data: Path) -> None:
    (data / "static.stamp").write_text("stale")
    shutil.rmtree(data / "static")
    (data / "static").write_text("a file where a directory should be")
    server = Supervised(data)
    server._process.start()
    wait_for(lambda: server._process.exit_code is not None, "the end of bin/server")
    assert server._process.exit_code == 1


@pytest.mark.parametrize("name", ["with space", "데이터 #1 100%", "long" + "-path" * 20])
def test_the_data_directory_may_have_any_name(name: str, data: Path, tmp_path: Path) -> None:
    moved = data.rename(tmp_path / name)
    with Supervised(moved) as server:
        server.wait_until_ready()
        assert (moved / "logs" / "web.log").exists()


@pytest.mark.skipif(find_programs() is None or shutil.which("redis-server") is None, reason="no PostgreSQL or Redis")
def test_several_processes_share_postgresql_and_redis(tmp_path: Path) -> None:
    with Postgres() as postgres, Redis() as redis:
        settings = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
        with Supervised(tmp_path / "one", "--web", "2", "--workers", "2", env=settings) as first:
            names = [name for name in first.children() if name != "guard"]
            assert sorted(names) == ["beat", "web", "worker-1", "worker-2"]  # both web processes have one name here
            first.wait_until_ready()
            arguments = ("--web", "1", "--workers", "0", "--no-beat")
            with Supervised(tmp_path / "two", *arguments, env=settings) as second:
                second.wait_until_ready()
                assert "WANDB_API_KEY" not in second.screen()  # the first owner is there already
                assert set(second.children()) == {"guard", "web"}
