"""The worker lives through the loss of its broker, and of itself: rows are the queue."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import httpx

from tests.servers import Debrief, Valkey, wait_for

START_RUN = """
mutation UpsertBucket($name: String!) {
  upsertBucket(input: {name: $name, entityName: "ada", modelName: "digits"}) { bucket { id } }
}
"""


def start_run(server: Debrief, name: str) -> None:
    """As a client does; the run's first event is then to be dispatched."""
    body = {"query": START_RUN, "variables": {"name": name}}
    answer = httpx.post(f"{server.url}/graphql", json=body, auth=("api", server.api_key)).json()
    assert "errors" not in answer, answer


def all_dispatched(server: Debrief) -> bool:
    with sqlite3.connect(server.data / "debrief.sqlite3") as database:
        waiting, done = database.execute(
            "SELECT count(*) FILTER (WHERE dispatched_at IS NULL), count(dispatched_at) FROM tracking_event"
        ).fetchone()
    database.close()
    return bool(waiting == 0 and done > 0)


def test_a_broker_that_dies_and_returns_delays_events_and_loses_none(tmp_path: Path) -> None:
    with Valkey() as broker, Debrief(tmp_path, env={"REDIS_URL": broker.url, "SWEEP_INTERVAL": "1"}) as server:
        start_run(server, "before")
        wait_for(lambda: all_dispatched(server), "the first event")
        broker.kill()
        start_run(server, "during")
        assert not all_dispatched(server)
        broker.start()
        wait_for(lambda: all_dispatched(server), "the event of the outage")
        start_run(server, "after")
        wait_for(lambda: all_dispatched(server), "the event after it")


def test_a_worker_that_is_killed_is_followed_by_one_that_goes_on(tmp_path: Path) -> None:
    with Debrief(tmp_path, env={"SWEEP_INTERVAL": "1"}) as server:
        server.kill_worker()
        start_run(server, "while nobody works")
        server.restart_worker()
        wait_for(lambda: all_dispatched(server), "the event")


def test_an_idle_worker_writes_nothing_for_its_sweeps(tmp_path: Path) -> None:
    with Debrief(tmp_path, env={"SWEEP_INTERVAL": "1", "LOG_LEVEL": "DEBUG"}) as server:
        start_run(server, "one")
        wait_for(lambda: all_dispatched(server), "a sweep")
        assert "Task tracking.tasks.dispatch_events" not in server.worker.log_text()
