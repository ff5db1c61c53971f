"""PUT /uploads/…: bytes go to disk as they come, whole or not at all."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from pytest_django import Settings

from teams.models import Membership, Role, User
from tests.factories import make_project, make_run
from tests.people import make_people
from tests.tracking.protocols.asgi import Answer, call
from tracking import files
from tracking.models import Run, RunFile
from tracking.protocols.wandb import upload_urls
from tracking.protocols.wandb.uploads import upload

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def run() -> Run:
    people = make_people()
    return make_run(make_project(people.team, people.alice), people.alice)


def put(
    run: Run, name: str, body: bytes | Iterable[bytes], headers: Mapping[str, str] | None = None, method: str = "PUT"
) -> Answer:
    answer = call(upload, method, path_for(run, name), body, headers)
    assert answer is not None
    return answer


def path_for(run: Run, name: str) -> str:
    """The address that the run's own user is given."""
    assert run.user_id is not None
    return upload_urls.path_for(upload_urls.Target(run.user_id, run.pk, name))


def content_of(run: Run, name: str) -> bytes:
    with files.open_file(files.listing(run).get(name=name)) as opened:
        return opened.read()


def incoming() -> list[Path]:
    return [path for path in (Path(django_settings.DATA_DIR) / "incoming").glob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["a.txt", "한글/모델 50%.bin", "a#b?c&d", "x" * 1024, "a/b/c.png"])
def test_a_file_is_stored_with_its_size_and_digest(run: Run, name: str) -> None:
    body = [b"first ", b"second ", b"third"]
    assert put(run, name, body).status == 200
    row = RunFile.objects.get()
    assert (row.name, row.size, row.md5) == (name, 18, hashlib.md5(b"".join(body)).hexdigest())
    assert content_of(run, name) == b"first second third"
    assert Run.objects.get(pk=run.pk).revision == run.revision + 1


def test_a_large_file_does_not_pass_through_memory_at_once(run: Run) -> None:
    assert put(run, "large.bin", [b"x" * 65536] * 100).status == 200
    assert RunFile.objects.get().size == 65536 * 100


def test_an_empty_file_is_a_file(run: Run) -> None:
    assert put(run, "empty", b"").status == 200
    assert content_of(run, "empty") == b""


def test_a_file_uploaded_again_replaces_the_first_and_its_bytes(run: Run) -> None:
    put(run, "a.txt", b"old")
    old = RunFile.objects.get().stored_name
    put(run, "a.txt", b"new words")
    assert content_of(run, "a.txt") == b"new words"
    assert RunFile.objects.get().size == 9
    assert not default_storage.exists(old)


def test_an_upload_that_ends_too_early_stores_nothing(run: Run) -> None:
    answer = put(run, "a.txt", b"half", {"content-length": "8"})
    assert (answer.status, "4 of 8 bytes" in answer.json()["error"]) == (503, True)
    assert RunFile.objects.count() == 0
    assert incoming() == []


def test_an_upload_that_stalls_is_to_be_sent_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.protocols.exchange.IDLE_SECONDS", 0.05)
    answer = call(upload, "PUT", path_for(run, "a.txt"), b"half", {"content-length": "8"}, stalls=True)
    assert answer is not None
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert "4 of 8 bytes" in answer.json()["error"]
    assert (RunFile.objects.count(), incoming()) == (0, [])


def test_a_sender_that_hangs_up_gets_no_answer(run: Run) -> None:
    assert call(upload, "PUT", path_for(run, "a.txt"), b"half", {"content-length": "8"}, hangs_up=True) is None
    assert (RunFile.objects.count(), incoming()) == (0, [])


def test_the_log_names_run_and_file_and_not_the_secret_address(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    put(run, "a.txt", b"half", {"content-length": "8"})
    (told,) = [record.getMessage() for record in caplog.records if "of 8 bytes" in record.getMessage()]
    assert f"'a.txt' of run {run.pk}" in told
    assert upload_urls.PREFIX not in told


def test_an_upload_without_a_length_is_refused(run: Run) -> None:
    answer = put(run, "a.txt", b"words", {"content-length": "", "transfer-encoding": "chunked"})
    assert (answer.status, "Content-Length" in answer.json()["error"]) == (411, True)


def test_an_upload_that_is_too_large_is_refused_before_it_is_read(run: Run, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1024
    answer = put(run, "a.txt", b"x" * 1025)
    assert (answer.status, "MAX_UPLOAD_BYTES" in answer.json()["error"]) == (413, True)
    assert RunFile.objects.count() == 0


def test_an_address_that_was_changed_is_refused(run: Run) -> None:
    answer = call(upload, "PUT", path_for(run, "a.txt")[:-1] + "!", b"x")
    assert answer is not None
    assert answer.status == 403


def test_an_address_that_is_too_old_is_refused(run: Run) -> None:
    then = time.time() - upload_urls.LIFE.total_seconds() - 1
    with patch("django.core.signing.time.time", return_value=then):
        path = path_for(run, "a.txt")
    answer = call(upload, "PUT", path, b"x")
    assert answer is not None
    assert (answer.status, "too old" in answer.json()["error"]) == (403, True)


def test_only_put_is_answered(run: Run) -> None:
    assert put(run, "a.txt", b"x", method="POST").status == 405


def test_a_file_of_a_deleted_run_is_refused(run: Run) -> None:
    path = path_for(run, "a.txt")
    run.delete()
    answer = call(upload, "PUT", path, b"x")
    assert answer is not None
    assert answer.status == 404


@pytest.mark.parametrize("change", [{"role": Role.VIEWER}, None])
def test_an_address_stops_working_when_its_user_may_log_no_more(run: Run, change: dict[str, Role] | None) -> None:
    path = path_for(run, "a.txt")
    mine = Membership.objects.filter(user=run.user, team=run.project.team)
    if change is None:
        mine.delete()
    else:
        mine.update(**change)
    answer = call(upload, "PUT", path, b"x")
    assert answer is not None
    assert (answer.status, "may no longer log" in answer.json()["error"]) == (403, True)
    assert RunFile.objects.count() == 0


def test_an_address_of_a_user_who_was_switched_off_is_refused(run: Run) -> None:
    User.objects.filter(username="alice").update(is_active=False)
    assert put(run, "a.txt", b"x").status == 403


def test_a_disk_that_takes_no_more_is_503_and_leaves_nothing(run: Run, settings: Settings) -> None:
    (Path(django_settings.DATA_DIR) / "a file").write_text("")
    settings.DATA_DIR = str(Path(django_settings.DATA_DIR) / "a file")
    answer = put(run, "a.txt", b"x")
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert RunFile.objects.count() == 0
