"""`/healthz` says that the process lives, `/ready` whether it can work, and why not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.servers import Debrief, Valkey, wait_for
from tracking.models import LivenessWatch


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


def watch(*, looked: int, accepting_since: int) -> None:
    """Both in seconds before now."""
    now = timezone.now()
    LivenessWatch.objects.create(
        pk=1,
        looked_at=now - timedelta(seconds=looked),
        accepted_at=now,
        accepting_since=now - timedelta(seconds=accepting_since),
    )


@pytest.mark.engines
@pytest.mark.django_db
def test_not_ready_when_nobody_sweeps(client: Client, broker: Valkey) -> None:
    watch(looked=90, accepting_since=3600)
    with broker:
        answer = client.get("/ready")
    assert answer.status_code == 503
    assert list(answer.json()["reasons"]) == ["sweeps"]
    assert "see that a worker and one beat run" in answer.json()["reasons"]["sweeps"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("looked", "accepting_since", "interval"),
    [
        (30, 3600, 1),  # a busy worker is late
        (90, 3600, 30),  # it looks seldom
        (3600, 30, 10),  # everything has just started after an hour's outage
    ],
)
def test_ready_when_sweeps_are_only_late(
    client: Client, broker: Valkey, settings: Settings, looked: int, accepting_since: int, interval: int
) -> None:
    settings.SWEEP_INTERVAL = interval
    watch(looked=looked, accepting_since=accepting_since)
    with broker:
        answer = client.get("/ready")
    assert answer.status_code == 200, answer.json()


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
