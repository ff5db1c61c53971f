"""The public API of the real client, `wandb.Api()`, on a run that the real client logged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clients.environment import Client
from tests.servers.debrief import OWNER


def test_the_api_reads_and_changes_what_a_run_logged(client: Client, tmp_path: Path) -> None:
    name = f"api-{client.version.replace('.', '-')}"
    client.run("hello", name)
    done = client.run("reads", f"{OWNER}/hello", name, str(tmp_path / "downloads"))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.partition("FOUND ")[2])
    assert (found["viewer"], found["entity"], found["state"]) == (OWNER, OWNER, "finished")
    assert found["config"]["optimizer"] == {"name": "adam", "betas": [0.9, 0.999]}
    assert found["tags"] == ["baseline", "한글"]
    assert (found["summary"], found["last_step"], found["scanned"], len(found["history"])) == (2, 32, 33, 33)
    assert [row["epoch"] for row in found["sampled"]] == [0, 1, 2]
    assert [row["val.acc"] for row in found["scanned_keys"]] == pytest.approx([0.5, 0.6, 0.7])
    assert {"config.yaml", "wandb-summary.json", "output.log"} <= set(found["files"])
    assert found["download"] == "{"
    assert "hello" in found["projects"]
    assert found["members"] == [OWNER]
    assert found["changed"] == ["changed by the API", 1, 0.1, 0.9]
    assert found["uploaded"][0] == "reads.py"
    assert found["after deletion"] == found["files"]
    assert (found["created"], found["left"]) == ("running", 0)
    assert "Could not find run" in found["no run"]
    assert "Could not find project" in found["no project"]
    if "console" in found:
        assert found["console"][3] == [3, "error", "a warning"]
