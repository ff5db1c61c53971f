"""What the server has acknowledged is stored, and what it has not is sent again: nothing is lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.clients.environment import NEWEST, Client
from tests.clients.questions import Questions
from tests.servers.debrief import Debrief
from tests.servers.process import wait_for

pytestmark = pytest.mark.engines

STEPS = 100_000


def test_a_hundred_thousand_steps_of_ten_metrics_are_all_there(newest_client: Client, questions: Questions) -> None:
    done = newest_client.run("trains", "many", "many-steps", str(STEPS), "0")
    assert done.returncode == 0, done.stderr
    for step, row in enumerate(questions.rows("many", "many-steps")):
        assert row["_step"] == step
        assert all(row[f"metric-{index}"] == step + index / 10 for index in range(10)), row
    assert step == STEPS - 1


def test_two_clients_at_once_do_not_mix(newest_client: Client, questions: Questions) -> None:
    names = ("left", "right")
    processes = [newest_client.start("trains", "pairs", name, "500", "0.001") for name in names]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    for name in names:
        assert [row["_step"] for row in questions.rows("pairs", name)] == list(range(500))
        assert questions.run("pairs", name)["state"] == "finished"


def test_killing_the_web_process_loses_and_doubles_no_line(tmp_path: Path) -> None:
    names = ("one", "two", "three")
    with Debrief(tmp_path / "server") as debrief:
        client, questions = Client(NEWEST, debrief, tmp_path, debrief.api_key), Questions(debrief)
        processes = [client.start("trains", "killed", name, "600", "0.01") for name in names]
        for lines in (50, 250):
            wait_for(partial(_have_logged, questions, names, lines), f"more than {lines} lines of each")
            debrief.kill_web()
            debrief.restart_web()
        assert [process.wait(timeout=200) for process in processes] == [0, 0, 0]
        for name in names:
            assert questions.run("killed", name)["state"] == "finished"
            rows = list(questions.rows("killed", name))
            assert [row["_step"] for row in rows] == list(range(600))
            assert [row["metric-3"] for row in rows] == [step + 3 / 10 for step in range(600)]


def _have_logged(questions: Questions, names: Sequence[str], lines: int) -> bool:
    runs = [questions.find("killed", name) for name in names]
    return all(run is not None and run["historyLineCount"] > lines for run in runs)
