"""POST …/file_stream: what a client says about its run becomes the run, once."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import make_project, make_run
from tests.people import People, make_people
from tests.tracking.protocols.wandb_client import WandbClient, history
from tracking import console, ingest
from tracking import history as store
from tracking.models import Event, Run

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people() -> People:
    return make_people()


@pytest.fixture
def run(people: People) -> Run:
    return make_run(make_project(people.team, people.alice), people.alice)


@pytest.fixture
def client(people: People) -> WandbClient:
    return WandbClient(people.alice)


def rows_of(run: Run) -> list[dict[str, Any]]:
    return [row for _line, row in store.rows(run.pk)]


def ends_of(run: Run) -> list[str]:
    kinds = Event.objects.filter(run=run).order_by("pk").values_list("kind", flat=True)
    return [kind for kind in kinds if kind != "run.started"]


def test_history_lines_are_stored_as_they_were_logged(client: WandbClient, run: Run) -> None:
    answer = client.stream(run, history({"_step": 0, "loss": 1.5}, {"_step": 1, "loss": 1.25, "a": {"b": 2}}))
    assert (answer.status, answer.json()) == (200, {})
    assert rows_of(run) == [{"_step": 0, "loss": 1.5}, {"_step": 1, "loss": 1.25, "a": {"b": 2}}]


def test_a_message_that_is_sent_twice_is_stored_once(client: WandbClient, run: Run) -> None:
    for _ in range(2):
        client.stream(run, history({"_step": 0}, {"_step": 1}))
    client.stream(run, history({"_step": 1}, {"_step": 2}, offset=1))
    assert [row["_step"] for row in rows_of(run)] == [0, 1, 2]


def test_every_part_of_a_message_finds_its_place(client: WandbClient, run: Run) -> None:
    message = history({"_step": 0, "loss": 0.5})
    message["files"] |= {
        "wandb-events.jsonl": {"offset": 0, "content": ['{"system.cpu": 12.5, "_wandb": true, "_timestamp": 1.0}']},
        "wandb-summary.json": {"offset": 0, "content": ['{"loss": 1}', '{"loss": NaN}']},
        "output.log": {"offset": 0, "content": ["2026-11-20T07:46:18.123456 hello", "ERROR 2026-11-20T07:46:18 oh"]},
    }
    client.stream(run, message | {"uploaded": ["config.yaml"]})
    run.refresh_from_db()
    assert run.summary == '{"loss": NaN}'
    assert [row["system.cpu"] for _line, row in store.rows(run.pk, store.SYSTEM)] == [12.5]
    assert console.read(run.pk, 0, 10) == [
        (0, console.Line("hello", False, "2026-11-20T07:46:18.123456")),
        (1, console.Line("oh", True, "2026-11-20T07:46:18")),
    ]


def test_structured_console_lines_keep_level_and_time_and_may_be_rewritten(client: WandbClient, run: Run) -> None:
    for text in ("10%", "100%"):
        line = json.dumps({"level": "error", "ts": "2026-11-20T07:46:18.1", "content": text})
        client.stream(run, {"files": {"output.log": {"offset": 7, "content": [line]}}})
    assert console.read(run.pk, 0, 10) == [(7, console.Line("100%", True, "2026-11-20T07:46:18.1"))]


def test_a_printed_brace_is_no_structured_line(client: WandbClient, run: Run) -> None:
    client.stream(run, {"files": {"output.log": {"offset": 0, "content": ['{"loss": 1}', "{not json"]}}})
    assert [line.text for _number, line in console.read(run.pk, 0, 10)] == ['{"loss": 1}', "{not json"]


def test_an_empty_object_is_a_heartbeat(client: WandbClient, run: Run) -> None:
    before = run.heartbeat_at
    assert client.stream(run, {}).status == 200
    run.refresh_from_db()
    assert run.heartbeat_at > before


@pytest.mark.parametrize(("code", "state"), [(0, "finished"), (1, "failed"), (255, "failed")])
def test_complete_ends_the_run_by_its_exit_code(client: WandbClient, run: Run, code: int, state: str) -> None:
    client.stream(run, history({"_step": 0}) | {"complete": True, "exitcode": code})
    run.refresh_from_db()
    assert (run.state, run.exit_code, len(rows_of(run))) == (state, code, 1)


def test_the_last_message_sent_again_ends_the_run_once(client: WandbClient, run: Run) -> None:
    for _ in range(3):
        client.stream(run, history({"_step": 0}) | {"complete": True, "exitcode": 0})
    run.refresh_from_db()
    assert run.state == Run.State.FINISHED
    assert ends_of(run) == ["run.finished"]


def test_a_resumed_run_that_says_all_in_one_message_ends_again(client: WandbClient, run: Run) -> None:
    client.stream(run, history({"_step": 0}) | {"complete": True, "exitcode": 0})
    client.stream(run, history({"_step": 1}, offset=1) | {"complete": True, "exitcode": 0})
    assert ends_of(run) == ["run.finished", "run.resumed", "run.finished"]


REPEATED: list[dict[str, Any]] = [
    {},
    {"preempting": True},
    {"uploaded": ["config.yaml"]},
    history({"_step": 0}),
    {"files": {"output.log": {"offset": 0, "content": ["hello"]}}},
    {"files": {"wandb-summary.json": {"offset": 0, "content": ['{"loss": 1}']}}},
]


@pytest.mark.parametrize("repeated", REPEATED)
@pytest.mark.parametrize("code", [0, 1])
def test_what_says_nothing_new_does_not_bring_back_a_run_that_ended(
    client: WandbClient, run: Run, repeated: dict[str, Any], code: int
) -> None:
    message = history({"_step": 0})
    message["files"]["output.log"] = {"offset": 0, "content": ["hello"]}
    client.stream(run, message)
    client.stream(run, {"complete": True, "exitcode": code})
    client.stream(run, repeated)
    client.stream(run, {"complete": True, "exitcode": code})
    run.refresh_from_db()
    assert (run.state, ends_of(run)) == (("failed", ["run.failed"]) if code else ("finished", ["run.finished"]))


@pytest.mark.parametrize(
    "news",
    [
        history({"_step": 1}, offset=1),
        {"files": {"output.log": {"offset": 0, "content": ["hello", "again"]}}},
        {"files": {"wandb-events.jsonl": {"offset": 0, "content": ["{}"]}}},
    ],
)
def test_new_lines_bring_back_a_run_that_ended(client: WandbClient, run: Run, news: dict[str, Any]) -> None:
    message = history({"_step": 0})
    message["files"]["output.log"] = {"offset": 0, "content": ["hello"]}
    client.stream(run, message | {"complete": True, "exitcode": 0})
    client.stream(run, news)
    run.refresh_from_db()
    assert (run.state, ends_of(run)) == ("running", ["run.finished", "run.resumed"])


def test_a_crashed_run_that_speaks_again_is_running(client: WandbClient, run: Run) -> None:
    ingest.crash_run(run=run, silent_since=timezone.now())
    client.stream(run, history({"_step": 0}))
    run.refresh_from_db()
    assert (run.state, ends_of(run)) == ("running", ["run.crashed", "run.resumed"])


def test_a_crashed_run_whose_last_message_comes_late_has_finished(client: WandbClient, run: Run) -> None:
    client.stream(run, history({"_step": 0}))
    ingest.crash_run(run=run, silent_since=timezone.now())
    client.stream(run, history({"_step": 0}) | {"complete": True, "exitcode": 0})
    run.refresh_from_db()
    assert run.state == Run.State.FINISHED


def test_a_run_that_was_queued_runs_when_it_speaks(client: WandbClient, run: Run) -> None:
    ingest.set_state(run=run, state="pending")
    client.stream(run, {})
    run.refresh_from_db()
    assert run.state == Run.State.RUNNING


def test_a_stopped_run_hears_so_until_it_ends(client: WandbClient, run: Run) -> None:
    ingest.stop_run(run=run)
    assert [client.stream(run, {}).json() for _ in range(2)] == [{"stopped": True}] * 2
    client.stream(run, {"complete": True, "exitcode": 255})
    run.refresh_from_db()
    assert run.state == Run.State.KILLED


def test_a_preempted_run_has_not_failed(client: WandbClient, run: Run) -> None:
    client.stream(run, {"preempting": True})
    client.stream(run, {"complete": True, "exitcode": 1})
    run.refresh_from_db()
    assert run.state == Run.State.PREEMPTED


def test_gzip_is_unpacked(client: WandbClient, run: Run) -> None:
    body = gzip.compress(json.dumps(history({"_step": 0, "loss": 2})).encode())
    assert client.stream(run, body, **{"content-encoding": "gzip"}).status == 200
    assert rows_of(run) == [{"_step": 0, "loss": 2}]


def test_bare_nan_and_infinity_are_numbers(client: WandbClient, run: Run) -> None:
    client.stream(run, history({"_step": 0, "loss": float("nan")}, {"_step": 1, "loss": float("-inf")}))
    rows = rows_of(run)
    assert str(rows[0]["loss"]) == "nan"
    assert rows[1]["loss"] == float("-inf")
