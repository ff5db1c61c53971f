"""`/healthz` says that the process lives, `/ready` whether it can work, and why not."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.servers import Debrief, Valkey, wait_for


@pytest.fixture
def broker(settings: Settings) -> Valkey:
    broker = Valkey()
    settings.REDIS_URL = broker.url
    return broker


@pytest.mark.engines
@pytest.mark.django_db
def test_ready_when_database_broker_and_migrations_are_fine(client: Client, broker: Valkey) -> None:
    with broker:
        answer = client.get("/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "reasons": {}})


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["redis+socket:///tmp/nobody-listens-here.sock", "redis://127.0.0.1:1/0"])
def test_not_ready_without_a_broker(client: Client, settings: Settings, url: str) -> None:
    settings.REDIS_URL = url
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert "The broker does not answer" in answer.json()["reasons"]["broker"]


@pytest.mark.engines
@pytest.mark.django_db
def test_not_ready_while_migrations_wait(client: Client, broker: Valkey) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'notifications'")
    with broker:
        answer = client.get("/ready")
    assert answer.status_code == 503
    assert "restart bin/server or run bin/manage migrate" in answer.json()["reasons"]["migrations"]


def test_alive_without_anything_else(client: Client) -> None:
    """No database: the process is alive, and whoever restarts it for that would only make things worse."""
    assert client.get("/healthz").json() == {"alive": True}


def test_not_ready_without_its_database(tmp_path: Path) -> None:
    with Debrief(tmp_path, with_worker=False) as server:
        for file in server.data.glob("debrief.sqlite3*"):
            file.unlink()
        (server.data / "debrief.sqlite3").mkdir()  # nothing that SQLite can open
        server.web.kill()
        server.launch_web()
        wait_for(lambda: is_alive(server), "the web process")
        answer = httpx.get(f"{server.url}/ready")
        assert answer.status_code == 503
        assert "The database does not answer" in answer.json()["reasons"]["database"]


def is_alive(server: Debrief) -> bool:
    try:
        return httpx.get(f"{server.url}/healthz").status_code == 200
    except httpx.TransportError:
        return False
