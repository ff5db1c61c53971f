"""What only one part of a server does while another is away."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.config.test_worker import start_run
from tests.servers import Debrief, wait_for


def one_row(server: Debrief, query: str) -> Any:
    with closing(sqlite3.connect(server.data / "debrief.sqlite3")) as database:
        return database.execute(query).fetchone()


def test_sweeps_without_a_web_process_take_no_run_for_crashed(tmp_path: Path) -> None:
    settings = {"SWEEP_INTERVAL": "1", "HEARTBEAT_TIMEOUT": "3"}
    with Debrief(tmp_path, env=settings) as server:
        start_run(server, "trains on")
        server.kill_web()
        looked_long_enough = """
            SELECT julianday(looked_at) > (SELECT julianday(heartbeat_at, '+6 seconds') FROM tracking_run)
            FROM tracking_livenesswatch
        """
        wait_for(lambda: one_row(server, looked_long_enough)[0], "sweeps long after the last heartbeat")
        assert one_row(server, "SELECT state FROM tracking_run") == ("running",)


def test_a_web_process_says_that_it_accepts_heartbeats(tmp_path: Path) -> None:
    with Debrief(tmp_path, with_worker=False) as server:
        wait_for(lambda: one_row(server, "SELECT accepted_at FROM tracking_livenesswatch"), "the first sign")
