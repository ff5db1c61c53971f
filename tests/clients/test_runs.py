"""Unmodified scripts with the real wandb client: what they log is what Debrief has."""

from __future__ import annotations

import hashlib
import json
import math
import os
import signal

import httpx
import pytest

from tests.clients.environment import Client
from tests.clients.questions import Questions
from tests.servers.process import wait_for

SAVED = ["plain.txt", "with space.txt", "50%.txt", "한글/모델.txt", "a#b?c&d=e+f.txt", "deep/er/nest.bin", "empty.bin"]


def name_of(client: Client, test: str) -> str:
    return f"{test}-{client.version.replace('.', '-')}"


def test_what_a_script_says_of_itself_is_kept(client: Client, questions: Questions) -> None:
    name = name_of(client, "hello")
    done = client.run("hello", name)
    assert done.returncode == 0, done.stderr
    run = questions.run("hello", name)
    assert (run["state"], run["exitcode"], run["displayName"]) == ("finished", 0, "first light")
    assert (run["notes"], run["tags"]) == ("a note\nin two lines", ["baseline", "한글"])
    assert (run["group"], run["jobType"]) == ("group-1", "train")
    assert questions.config(run) == {
        "lr": 0.1,
        "layers": [64, 32],
        "optimizer": {"name": "adam", "betas": [0.9, 0.999]},
        "found": "later",
    }
    assert json.loads(run["summaryMetrics"])["val"] == {"acc": 0.7}


def test_every_step_is_there_once_and_in_order(client: Client, questions: Questions) -> None:
    name = name_of(client, "steps")
    client.run("hello", name)
    rows = list(questions.rows("hello", name))
    assert [row["_step"] for row in rows] == list(range(33))
    batches = [row["batch/loss"] for row in rows if "batch/loss" in row]
    assert batches == pytest.approx([math.exp(-step / 10) for step in range(30)])
    assert [row["val"]["acc"] for row in rows if "epoch" in row] == pytest.approx([0.5, 0.6, 0.7])


def test_the_console_has_both_outputs_in_order(client: Client, questions: Questions) -> None:
    name = name_of(client, "console")
    client.run("hello", name)
    lines = [edge["node"] for edge in questions.run("hello", name)["logLines"]["edges"]]
    assert [line["line"] for line in lines] == ["epoch 0 is done", "epoch 1 is done", "epoch 2 is done", "a warning"]
    assert [line["level"] for line in lines] == ["info", "info", "info", "error"]
    assert all(line["timestamp"] for line in lines)


def test_an_exception_makes_the_run_failed(client: Client, questions: Questions) -> None:
    name = name_of(client, "raises")
    assert client.run("raises", name).returncode == 1
    run = questions.run("ends", name)
    assert (run["state"], run["exitcode"], run["historyLineCount"]) == ("failed", 1, 1)
    assert "RuntimeError: out of memory" in [edge["node"]["line"] for edge in run["logLines"]["edges"]]


def test_an_exit_code_makes_the_run_failed(client: Client, questions: Questions) -> None:
    name = name_of(client, "exits")
    assert client.run("exits", name).returncode == 3
    run = questions.run("ends", name)
    assert (run["state"], run["exitcode"]) == ("failed", 3)


def test_a_run_that_is_killed_has_crashed(newest_client: Client, questions: Questions) -> None:
    process = newest_client.start("trains", "ends", "killed", "1000000", "0.01")
    wait_for(lambda: (questions.find("ends", "killed") or {}).get("historyLineCount"), "the first lines")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    run = questions.wait_for_state("ends", "killed", "crashed")
    assert run["exitcode"] is None
    assert run["historyLineCount"] > 0


def test_nan_and_infinity_are_kept_everywhere(client: Client, questions: Questions) -> None:
    name = name_of(client, "odd")
    done = client.run("odd_values", name)
    assert done.returncode == 0, done.stderr
    run = questions.run("odd", name)
    config, rows = questions.config(run), list(questions.rows("odd", name))
    assert config["nan"] is None or math.isnan(config["nan"])  # newer clients write null
    assert config["inf"] == math.inf
    assert math.isnan(rows[0]["value"])
    assert [row["value"] for row in rows[1:]] == [math.inf, -math.inf, 1.5]
    assert (rows[0]["a.b/c d"], rows[3]["텍스트"], rows[3]["nothing"]) == (1, "값 🎉", None)
    assert rows[3]["histogram"]["_type"] == "histogram"
    summary = json.loads(run["summaryMetrics"])
    assert math.isnan(summary["unknown"])
    assert summary["best"] == math.inf


def test_files_keep_their_names_and_bytes(client: Client, questions: Questions) -> None:
    name = name_of(client, "saves")
    done = client.run("saves", name)
    assert done.returncode == 0, done.stderr
    files = {edge["node"]["name"]: edge["node"] for edge in questions.run("saves", name)["files"]["edges"]}
    assert set(SAVED) <= set(files)
    assert {"config.yaml", "requirements.txt", "wandb-metadata.json", "wandb-summary.json"} <= set(files)
    for saved in SAVED:
        content = "" if saved.startswith("empty") else f"the content of {saved}"
        got = httpx.get(files[saved]["url"], auth=("api", client.api_key))
        assert (got.status_code, got.text) == (200, content), saved
        assert hashlib.md5(content.encode()).hexdigest() in got.headers["etag"]


def test_a_resumed_run_goes_on_where_it_ended(client: Client, questions: Questions) -> None:
    name = name_of(client, "resumed")
    done = client.run("resumes", name)
    assert done.returncode == 0, done.stderr
    run, rows = questions.run("resumes", name), list(questions.rows("resumes", name))
    assert [row["_step"] for row in rows] == list(range(100))
    assert [row["value"] for row in rows] == list(range(100))
    assert questions.config(run) == {"life-0": True, "life-1": True}
    assert run["logLineCount"] == 100
    assert run["state"] == "finished"


def test_an_id_that_is_used_again_without_resume_doubles_no_step(client: Client, questions: Questions) -> None:
    name = name_of(client, "restarted")
    done = client.run("restarts", name)
    assert done.returncode == 0, done.stderr
    assert [row["_step"] for row in questions.rows("restarts", name)] == list(range(30))


def test_resume_modes_tell_runs_that_are_there_from_those_that_are_not(client: Client) -> None:
    name = name_of(client, "modes")
    assert "usage error" in client.run("modes", "must", name).stdout
    assert "resumed: False" in client.run("modes", "allow", name).stdout
    assert "usage error" in client.run("modes", "never", name).stdout
    assert "resumed: True" in client.run("modes", "must", name).stdout


def test_the_shared_mode_is_refused_with_what_to_do_instead(client: Client) -> None:
    done = client.run("shares", name_of(client, "shared"))
    assert "refused:" in done.stdout, done.stdout + done.stderr
    assert "Debrief does not take runs in shared mode yet" in done.stdout


def test_a_right_key_logs_in_and_a_wrong_one_does_not(client: Client) -> None:
    assert "logged in: True" in client.run("logs_in", client.api_key).stdout
    wrong = client.run("logs_in", "f" * 40)
    assert "refused:" in wrong.stdout, wrong.stdout + wrong.stderr


def test_alerts_are_taken_while_the_run_goes_on(newest_client: Client) -> None:
    done = newest_client.run("alerts", "alerting")
    assert done.returncode == 0, done.stderr


def test_a_table_without_artifacts_does_not_disturb_the_run(client: Client, questions: Questions) -> None:
    name = name_of(client, "tables")
    done = client.run("tables", name)
    assert done.returncode == 0, done.stderr
    run = questions.run("tables", name)
    assert run["state"] == "finished"
    assert [row["loss"] for row in questions.rows("tables", name)] == [0.5, 0.25]
    names = [edge["node"]["name"] for edge in run["files"]["edges"]]
    assert any(name.startswith("media/table/table_0_") for name in names)
