"""What file_stream refuses: 4xx, final for the client, only for what is wrong for good; our own trouble is 503."""

from __future__ import annotations

import gzip
import json
import logging
import zlib
from collections.abc import Iterator

import pytest
from django.db import connection

from teams.models import ApiKey
from tests.factories import make_project, make_run
from tests.people import People, make_people
from tests.tracking.protocols.asgi import basic, call
from tests.tracking.protocols.wandb_client import WandbClient, history, path_of
from tracking import history as store
from tracking import ingest
from tracking.models import Run
from tracking.protocols.threads import Backlog
from tracking.protocols.wandb.file_stream import MAX_BODY, file_stream

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


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"{", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'{"files": 3}', "files: expected an object"),
        (b'{"files": {"output.log": []}}', "files.output.log: expected an object"),
        (b'{"files": {"output.log": {"offset": 0, "content": [3]}}}', "files.output.log.content: expected a list"),
        (
            b'{"files": {"output.log": {"offset": -1, "content": []}}}',
            "files.output.log.offset: expected a line number",
        ),
        (b'{"files": {"output.log": {"offset": 9e99, "content": []}}}', "files.output.log.offset"),
        (b'{"files": {"wandb-history.jsonl": {"content": ["{}", "{"]}}}', "files.wandb-history.jsonl.content[1]"),
        (b'{"files": {"wandb-history.jsonl": {"content": ["3"]}}}', "expected a JSON object"),
        (b'{"files": {"wandb-summary.json": {"content": ["nope"]}}}', "files.wandb-summary.json.content[0]"),
        (b'{"complete": true, "exitcode": "one"}', "exitcode: expected a whole number"),
        (b'{"files": {"output.log": {"content": ["\xff\xfe"]}}}', "not JSON"),
    ],
)
def test_a_message_that_cannot_be_read_is_refused_by_name(
    client: WandbClient, run: Run, body: bytes, told: str
) -> None:
    answer = client.stream(run, body)
    assert answer.status == 400
    assert told in answer.json()["error"]


def test_a_line_nested_without_end_is_refused(client: WandbClient, run: Run) -> None:
    line = '{"a":' * 100_000 + "1" + "}" * 100_000
    answer = client.stream(run, {"files": {"wandb-history.jsonl": {"content": [line]}}})
    assert answer.status == 400
    assert "content[0]" in answer.json()["error"]


def test_nothing_of_a_refused_message_is_stored(client: WandbClient, run: Run) -> None:
    message = history({"_step": 0}) | {"complete": True}
    message["files"]["wandb-summary.json"] = {"content": ["broken"]}
    client.stream(run, message)
    changed = Run.objects.get(pk=run.pk)
    assert (changed.state, changed.revision, store.next_line(run.pk)) == (run.state, run.revision, 0)


@pytest.mark.parametrize(
    ("encoding", "body", "status", "told"),
    [
        ("gzip", b"{}", 400, "not gzip"),
        ("gzip", gzip.compress(b'{"files": {}}', mtime=0)[:-9], 400, "too early"),
        ("deflate", zlib.compress(b"{}"), 200, ""),
        ("br", b"{}", 400, "not understood"),
        ("gzip", gzip.compress(b" " * (MAX_BODY + 1), mtime=0), 413, "MiB"),
    ],
    ids=["not gzip", "cut short", "deflate", "unknown", "a bomb"],
)
def test_a_body_must_be_what_its_encoding_says(
    client: WandbClient, run: Run, encoding: str, body: bytes, status: int, told: str
) -> None:
    answer = client.stream(run, body, **{"content-encoding": encoding})
    assert answer.status == status
    assert told in answer.json().get("error", "")


def test_a_line_of_a_hundred_megabytes_is_refused_and_logged_once(
    client: WandbClient, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    block = b"x" * 1024 * 1024
    with caplog.at_level(logging.WARNING):
        answer = call(file_stream, "POST", path_of(run), [block] * 100, basic(client.key))
    assert answer is not None
    assert (answer.status, "64 MiB" in answer.json()["error"]) == (413, True)
    assert [path_of(run) in record.getMessage() for record in caplog.records] == [True]
    assert Run.objects.get(pk=run.pk).revision == run.revision


def test_a_body_without_a_length_is_refused_when_it_grows_too_large(client: WandbClient, run: Run) -> None:
    blocks = (b"x" * 1024 * 1024 for _ in range(70))
    answer = call(file_stream, "POST", path_of(run), blocks, basic(client.key) | {"content-length": ""})
    assert answer is not None
    assert answer.status == 413


@pytest.mark.parametrize(
    "headers", [{}, basic("f" * 40), {"authorization": "Basic ???"}, {"authorization": "Digest x"}]
)
def test_an_unknown_key_is_refused(run: Run, headers: dict[str, str]) -> None:
    answer = call(file_stream, "POST", path_of(run), b"{}", headers)
    assert answer is not None
    assert (answer.status, "/authorize" in answer.json()["error"]) == (401, True)


@pytest.mark.parametrize("length", ["104857600", ""])
def test_nothing_is_kept_or_unpacked_for_whoever_has_no_key(run: Run, length: str) -> None:
    headers = {"content-length": length, "content-encoding": "gzip"}
    answer = call(file_stream, "POST", path_of(run), [b"x" * 1024 * 1024] * 100, headers)
    assert answer is not None
    assert answer.status == 401


@pytest.mark.parametrize("headers", [{}, {"content-length": ""}], ids=["announced", "not announced"])
def test_who_sends_more_than_can_wait_is_asked_to_wait(
    client: WandbClient, run: Run, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    backlog = Backlog(limit=1000)
    monkeypatch.setattr("tracking.protocols.wandb.file_stream.backlog", backlog)
    with backlog.holding(990):
        answer = client.stream(run, history({"_step": 0}), **headers)
    assert (answer.status, answer.headers["retry-after"], store.next_line(run.pk)) == (503, "5", 0)
    assert client.stream(run, history({"_step": 0}), **headers).status == 200
    assert backlog.has_room(1000)


def test_a_run_that_one_may_not_see_is_not_there(people: People, run: Run) -> None:
    answer = WandbClient(people.charlie).stream(run, {})
    assert (answer.status, run.name in answer.json()["error"]) == (404, True)


def test_a_run_that_is_deleted_is_not_there(client: WandbClient, run: Run) -> None:
    client.stream(run, {})
    Run.objects.get(pk=run.pk).delete()
    assert client.stream(run, {}).status == 404


def test_a_run_that_is_deleted_and_made_again_at_once_is_there(client: WandbClient, run: Run) -> None:
    client.stream(run, {})
    ingest.delete_run(run=Run.objects.get(pk=run.pk))
    again = make_run(run.project, name=run.name)
    assert client.stream(again, history({"_step": 0})).status == 200
    assert store.next_line(again.pk) == 1


@pytest.mark.parametrize(
    ("name", "scope", "status"),
    [
        ("bob", ApiKey.Scope.ADMIN, 200),
        ("bob", ApiKey.Scope.WRITE, 200),
        ("bob", ApiKey.Scope.INGEST, 200),
        ("bob", ApiKey.Scope.READ, 403),
        ("vera", ApiKey.Scope.ADMIN, 403),
    ],
)
def test_logging_takes_a_member_and_a_key_that_may(
    people: People, run: Run, name: str, scope: str, status: int
) -> None:
    assert WandbClient(getattr(people, name), scope).stream(run, history({"_step": 0})).status == status


def test_another_address_below_files_is_not_there(client: WandbClient) -> None:
    answer = call(file_stream, "POST", "/files/a/b", b"{}", basic(client.key))
    assert answer is not None
    assert answer.status == 404


def test_a_sender_that_hangs_up_gets_no_answer_and_changes_nothing(client: WandbClient, run: Run) -> None:
    body = json.dumps(history({"_step": 0})).encode()
    assert call(file_stream, "POST", path_of(run), body, basic(client.key), hangs_up=True) is None
    assert store.next_line(run.pk) == 0


def test_a_sender_that_stalls_is_told_to_send_again(
    client: WandbClient, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracking.protocols.exchange.IDLE_SECONDS", 0.05)
    body = json.dumps(history({"_step": 0})).encode()
    answer = call(file_stream, "POST", path_of(run), body, basic(client.key), stalls=True)
    assert answer is not None
    assert (answer.status, store.next_line(run.pk)) == (503, 0)


@pytest.fixture
def console_out_of_order() -> Iterator[None]:
    """A database that fails at the last part of a message, as one that is full or damaged does."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tracking_consoleline RENAME TO out_of_order")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE out_of_order RENAME TO tracking_consoleline")


def test_trouble_of_our_own_is_503_and_stores_nothing(
    client: WandbClient, run: Run, console_out_of_order: None, caplog: pytest.LogCaptureFixture
) -> None:
    message = history({"_step": 0}) | {"complete": True}
    message["files"]["output.log"] = {"offset": 0, "content": ["hello"]}
    answer = client.stream(run, message)
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    told = [record for record in caplog.records if path_of(run) in record.getMessage()]
    assert [record.exc_info is not None for record in told] == [True]
    assert store.next_line(run.pk) == 0
    assert Run.objects.get(pk=run.pk).state == Run.State.RUNNING
