"""upsertBucket: null keeps, config is whole, and the answer is what the client builds its addresses from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from teams.models import ApiKey
from tests.factories import log_metrics, make_project, make_run
from tests.people import People
from tests.tracking.protocols.wandb_client import UPSERT, WandbClient
from tracking.models import Event, Project, Run

pytestmark = pytest.mark.engines


@pytest.fixture
def client(people: People) -> WandbClient:
    return WandbClient(people.bob)


def test_a_run_and_its_project_are_made_on_first_use(client: WandbClient, people: People) -> None:
    made = client.upsert(name="abc123", project="fresh", entity="vision-lab", config='{"lr": {"value": NaN}}')
    assert made["inserted"] is True
    bucket = made["bucket"]
    assert (bucket["name"], bucket["project"]["name"], bucket["project"]["entity"]["name"]) == (
        "abc123",
        "fresh",
        "vision-lab",
    )
    run = Run.objects.get(name="abc123")
    assert (run.project.team, run.project.created_by, run.user) == (people.team, people.bob, people.bob)
    assert (run.config, bucket["displayName"]) == ('{"lr": {"value": NaN}}', run.display_name)
    assert bucket["displayName"].endswith("-1")


def test_without_entity_and_project_a_run_goes_to_the_default_ones(client: WandbClient, people: People) -> None:
    project = client.upsert(name="abc123")["bucket"]["project"]
    assert (project["entity"]["name"], project["name"]) == ("bob", "uncategorized")
    people.bob.default_team = people.team
    people.bob.save(update_fields=["default_team"])
    assert client.upsert(name="abc124")["bucket"]["project"]["entity"]["name"] == "vision-lab"


def test_null_keeps_what_is_there(client: WandbClient) -> None:
    client.upsert(name="abc123", displayName="one", notes="n", tags=["a"], config='{"a": {"value": 1}}', groupName="g")
    client.upsert(name="abc123", displayName=None, notes=None, tags=None, config=None, groupName=None)
    run = Run.objects.get()
    assert (run.display_name, run.notes, run.tags, run.group) == ("one", "n", ["a"], "g")
    assert json.loads(run.config) == {"a": {"value": 1}}


def test_config_replaces_the_whole_config(client: WandbClient) -> None:
    client.upsert(name="abc123", config='{"a": {"value": 1}}')
    answer = client.upsert(name="abc123", config='{"b": {"value": 2}}')
    assert answer["inserted"] is False
    assert json.loads(answer["bucket"]["config"]) == {"b": {"value": 2}}


def test_a_run_is_found_by_its_id_with_or_without_padding(client: WandbClient) -> None:
    bucket = client.upsert(name="abc123")["bucket"]
    client.upsert(id=bucket["id"].rstrip("="), displayName="renamed")
    assert Run.objects.get().display_name == "renamed"


def test_the_reply_counts_no_history_lines_so_that_a_restart_writes_in_place(
    client: WandbClient, people: People
) -> None:
    run = make_run(make_project(people.team, people.bob), people.bob)
    log_metrics(run, [{"loss": 1.0}, {"loss": 0.5}])
    again = client.upsert(name=run.name, project=run.project.name, entity="vision-lab")
    assert again["bucket"]["historyLineCount"] == 0


def test_a_retried_request_starts_one_run(client: WandbClient) -> None:
    for _ in range(3):
        client.upsert(name="abc123")
    assert Event.objects.filter(kind="run.started").count() == 1


BEGINS = {"host": "trainer", "program": "/home/ada/train.py", "config": '{"_wandb": {"value": {"t": {}}}}'}
KNOWN_WRITER = '{"_wandb": {"value": {"t": {}, "e": {"01a1f8a1": {"host": "trainer"}}}}}'


@pytest.mark.parametrize("is_resumed", [False, True])
@pytest.mark.parametrize("state", ["finished", "failed", "crashed", "killed", "preempted", "running", "pending"])
def test_a_process_that_starts_under_a_known_id_is_running_and_was_not_asked_to_stop(
    client: WandbClient, state: str, is_resumed: bool
) -> None:
    bucket = client.upsert(name="abc123", **BEGINS)["bucket"]
    Run.objects.update(state=state, stop_requested=True, is_preempting=True)
    client.upsert(name="abc123", id=bucket["id"] if is_resumed else None, **BEGINS)
    run = Run.objects.get()
    assert (run.state, run.stop_requested, run.is_preempting) == ("running", False, False)


@pytest.mark.parametrize(
    "update",
    [
        {"config": KNOWN_WRITER},
        {"displayName": "renamed", **BEGINS, "config": KNOWN_WRITER},
        {**BEGINS, "program": "/home/ada/venv/bin/wandb"},
        {**BEGINS, "program": "wandb"},
        {**BEGINS, "program": "C:\\Python\\Scripts\\wandb.exe"},
        {"summaryMetrics": "{}"},
    ],
)
def test_an_update_or_a_sync_is_no_new_process(client: WandbClient, update: dict[str, Any]) -> None:
    client.upsert(name="abc123", **BEGINS)
    Run.objects.update(state="finished", stop_requested=True)
    client.upsert(name="abc123", **update)
    run = Run.objects.get()
    assert (run.state, run.stop_requested) == ("finished", True)


def test_a_run_may_be_made_in_the_queue(client: WandbClient) -> None:
    client.upsert(name="abc123", state="pending")
    assert Run.objects.get().state == "pending"


def test_a_key_that_may_only_log_can_start_runs(people: People) -> None:
    client = WandbClient(people.bob, ApiKey.Scope.INGEST)
    assert client.upsert(name="abc123", entity="vision-lab", project="p")["inserted"] is True


@pytest.mark.parametrize(
    ("variables", "status", "told"),
    [
        ({}, 400, "name"),
        ({"name": "abc", "entity": "nobody"}, 404, "“nobody”"),
        ({"name": "abc", "entity": "alice"}, 404, "not a member"),
        ({"name": "abc", "project": "a/b"}, 400, "without / \\ # ? % or :"),
        ({"name": "abc", "project": "p" * 129}, 400, "128"),
        ({"name": "a:b"}, 400, "run id"),
        ({"name": " blank "}, 400, "run id"),
        ({"name": "abc", "config": "{"}, 400, "config: This is not JSON"),
        ({"name": "abc", "config": "[]"}, 400, "config: Expected a JSON object"),
        ({"name": "abc", "config": '{"a":' * 9999 + "1" + "}" * 9999}, 400, "config"),
        ({"name": "abc", "summaryMetrics": "3"}, 400, "summaryMetrics"),
        ({"name": "abc", "displayName": "d" * 513}, 400, "display_name"),
        ({"id": "bm9uc2Vuc2U="}, 400, "not the id of a Run"),
        ({"id": "%%%"}, 400, "not the id of a Run"),
        ({"id": "UnVuOjk5OTk="}, 404, "no such run"),
    ],
)
def test_what_cannot_be_done_is_named_and_changes_nothing(
    client: WandbClient, variables: dict[str, Any], status: int, told: str
) -> None:
    assert client.ask(UPSERT, **variables)[0] == status
    assert told in client.ask(UPSERT, **variables)[1]
    assert Run.objects.count() == 0


def test_a_run_in_shared_mode_is_refused_with_what_to_do_instead(client: WandbClient) -> None:
    shared = {"X-WANDB-USE-ASYNC-FILESTREAM": "true", "X-WANDB-CLIENT-ID": "01a1f8a4"}
    status, message = client.ask(UPSERT, shared, name="abc123", **BEGINS)
    assert (status, "shared mode" in message) == (400, True)
    assert Run.objects.count() == 0


def test_a_private_project_is_closed_to_other_members(people: People) -> None:
    make_project(people.team, people.alice, name="secret", visibility=Project.Visibility.PRIVATE)
    status, message = WandbClient(people.bob).ask(UPSERT, name="abc", project="secret", entity="vision-lab")
    assert (status, "is private" in message) == (404, True)
    assert WandbClient(people.alice).upsert(name="abc", project="secret", entity="vision-lab")["inserted"] is True
