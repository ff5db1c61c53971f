"""What real clients sent, sent again: every request gets the status it got, and the run says the same."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from teams import accounts
from teams.models import ApiKey
from teams.protocols import ids
from tests.tracking.protocols.asgi import basic, call
from tracking import console, files, history
from tracking.models import Event, Run
from tracking.protocols.wandb import intake
from tracking.protocols.wandb.file_stream import file_stream
from tracking.protocols.wandb.upload_urls import Target, path_for
from tracking.protocols.wandb.uploads import upload

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]

RECORDINGS = sorted(Path(__file__).parent.glob("wandb-*/*.jsonl"))


class Replay:
    """Sends a recording as the user `ada`, each request as often as `times`."""

    def __init__(self, recording: Path, times: int = 1, scope: str = ApiKey.Scope.ADMIN) -> None:
        intake._allowed.clear()
        ada = accounts.create_user(username="ada", email="ada@example.org")
        self.headers = basic(accounts.create_api_key(user=ada, scope=scope)[1])
        for line in recording.read_text().splitlines():
            for _ in range(times):
                self._send(**json.loads(line))

    def _send(self, method: str, path: str, headers: dict[str, str], status: int, body: Any) -> None:
        if path == "/graphql":
            got = self._ask(body)
        elif method == "PUT":
            got = self._put(path.removeprefix("/uploads/"), body)
        else:
            assert path.endswith("/file_stream"), path
            packed = json.dumps(body).encode()
            if headers.get("content-encoding") == "gzip":
                packed = gzip.compress(packed)
            answer = call(file_stream, method, path, packed, headers | self.headers)
            got = answer.status if answer is not None else 0
        assert got == status, (method, path, body)

    def _ask(self, body: dict[str, Any]) -> int:
        variables = body.get("variables") or {}
        if variables.get("id"):  # ids are the database's, names are the recording's
            variables["id"] = ids.encode("Run", Run.objects.get(name=variables["name"]).pk)
        headers = {"Authorization": self.headers["authorization"]}
        text = json.dumps(body)
        return Client().post("/graphql", text, content_type="application/json", headers=headers).status_code

    def _put(self, name: str, body: Any) -> int:
        content = body if isinstance(body, str) else json.dumps(body)
        run = Run.objects.get()
        assert run.user_id is not None
        answer = call(upload, "PUT", path_for(Target(run.user_id, run.pk, name)), content.encode())
        return answer.status if answer is not None else 0


def steps(run: Run) -> list[int]:
    return [row["_step"] for _line, row in history.rows(run.pk)]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: f"{path.parent.name}-{path.stem}")
@pytest.mark.parametrize("scope", [ApiKey.Scope.ADMIN, ApiKey.Scope.INGEST])
def test_every_request_is_answered_as_when_it_was_recorded(recording: Path, scope: str) -> None:
    Replay(recording, scope=scope)
    run = Run.objects.get()
    assert run.state == ("failed" if recording.stem == "raises" else "finished")
    assert [history.next_line(run.pk), *steps(run)] == [len(steps(run)), *range(len(steps(run)))]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_requests_that_are_sent_twice_change_nothing_more(recording: Path) -> None:
    Replay(recording, times=2)
    run = Run.objects.get()
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    ends = ["run.failed"] if recording.stem == "raises" else ["run.finished"]
    lives = ["run.started", *ends] if recording.stem != "resumes" else ["run.started", *ends, "run.resumed", *ends]
    assert [kind for kind in kinds if kind != "alert.raised"] == lives
    assert steps(run) == list(range(len(steps(run))))


@pytest.mark.parametrize("version", ["0.31.0", "0.28.2"])
def test_the_hello_world_run_has_everything_that_its_script_said(version: str) -> None:
    Replay(Path(__file__).parent / f"wandb-{version}" / "hello.jsonl")
    run = Run.objects.get()
    assert (run.name, run.display_name, run.project.name, run.host) == ("hello", "first light", "hello", "trainer")
    assert (run.notes, run.tags, run.group, run.job_type) == (
        "a note\nin two lines",
        ["baseline", "한글"],
        "group-1",
        "train",
    )
    assert json.loads(run.config)["optimizer"]["value"]["name"] == "adam"
    assert json.loads(run.summary)["epoch"] == 2
    assert len(steps(run)) == 33
    lines = [line.text for _number, line in console.read(run.pk, 0, 100)]
    assert lines == ["epoch 0 is done", "epoch 1 is done", "epoch 2 is done", "a warning"]
    assert {"config.yaml", "output.log", "wandb-summary.json"} <= {file.name for file in files.listing(run)}
