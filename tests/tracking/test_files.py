"""Run files: names, bytes in a file system or in S3, deleting."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from config import env
from tests.factories import make_project, make_run
from tests.people import make_people
from tracking import files, ingest, leftovers
from tracking.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Run:
    people = make_people()
    return make_run(make_project(people.team, people.alice), people.alice)


@pytest.fixture(params=["file", "s3"])
def any_storage(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each kind of storage in turn."""
    if request.param == "file":
        yield
        return
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="bucket")
    settings: Settings = request.getfixturevalue("settings")
    url = f"s3://key:secret@{host}:{port}/bucket/prefix?tls=false&region=us-east-1"
    settings.STORAGES = settings.STORAGES | {"default": env.storage("STORAGE_URL", url)}
    yield
    server.stop()


def store(run: Run, name: str, content: bytes) -> None:
    arriving = files.Arriving()
    arriving.write(content)
    files.store(run=run, name=name, arriving=arriving)
    arriving.close()


def content_of(run: Run, name: str) -> bytes:
    with files.open_file(files.listing(run).get(name=name)) as opened:
        return opened.read()


@pytest.mark.parametrize("name", ["a", "a/b.txt", "한글 %/..c", "...", "a..b", ".hidden", "a/.b"])
def test_a_name_may_be_anything_that_stays_inside_its_run(name: str) -> None:
    files.check_name(name)


@pytest.mark.parametrize("name", ["", "..", "../a", "a/..", "a/../b", "/a", "\\a", "a\\..\\b", "a\0b", "a" * 1025])
def test_a_name_that_leaves_its_run_is_refused(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        files.check_name(name)
    assert list(refused.value.message_dict) == ["files"]


def test_a_file_is_stored_replaced_read_and_deleted(run: Run, any_storage: None) -> None:
    store(run, "model/weights.bin", b"one")
    first = files.listing(run).get().stored_name
    store(run, "model/weights.bin", b"second")
    row = files.listing(run).get()
    assert (content_of(run, "model/weights.bin"), row.size) == (b"second", 6)
    assert not default_storage.exists(first)
    assert files.remove(run=run, ids=[row.pk]) == 1
    assert not default_storage.exists(row.stored_name)


def test_names_are_never_paths_of_the_storage(run: Run) -> None:
    store(run, "a/b/c.txt", b"x")
    stored = files.listing(run).get().stored_name
    assert stored.startswith(f"runs/{run.pk}/")
    assert "c.txt" not in stored


def test_a_file_is_listed_when_its_bytes_are_there(run: Run) -> None:
    files.announce(run=run, names=["a", "b"])
    files.announce(run=run, names=["a"])
    store(run, "a", b"x")
    assert [file.name for file in files.listing(run)] == ["a"]


def test_the_bytes_of_a_deleted_run_go_and_those_of_another_stay(run: Run, any_storage: None) -> None:
    other = make_run(run.project, name="other")
    for owner in (run, other):
        store(owner, "a", b"x")
    stored = files.listing(run).get().stored_name
    assert leftovers.forget_deleted_runs() == 0, "the run is still there"
    ingest.delete_run(run=run)
    assert leftovers.forget_deleted_runs() == 1
    assert leftovers.forget_deleted_runs() == 0
    assert not default_storage.exists(stored)
    assert content_of(other, "a") == b"x"


def test_what_a_killed_process_left_of_an_upload_goes_after_a_day() -> None:
    left, arriving = files.Arriving(), files.Arriving()
    os.utime(left.file.name, (0, 0))
    assert files.remove_abandoned() == 1
    assert Path(arriving.file.name).exists()
    left.close()
    arriving.close()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("config.yaml", "text/plain"),
        ("train.py", "text/plain"),
        ("a.png", "image/png"),
        ("x.html", "text/html"),
        ("weights", "application/octet-stream"),
    ],
)
def test_the_kind_of_a_file_follows_its_ending(name: str, kind: str) -> None:
    assert files.media_type_of(name) == kind
