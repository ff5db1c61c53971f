"""Run files for browsers and scripts: the right people, safe headers, parts."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from tests.factories import make_project, make_run
from tests.people import People, make_people
from tests.tracking.protocols.asgi import basic
from tests.tracking.protocols.wandb_client import WandbClient
from tests.tracking.test_files import store
from tracking import files
from tracking.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return make_people()


@pytest.fixture
def run(people: People) -> Run:
    return make_run(make_project(people.team, people.alice), people.alice)


@pytest.fixture
def browser(people: People) -> Client:
    client = Client()
    client.force_login(people.vera)
    return client


def address(run: Run, name: str) -> str:
    return f"/files/vision-lab/image-ablations/{run.name}/{quote(name)}"


def get(client: Client, run: Run, name: str, **headers: str) -> tuple[Any, bytes]:
    """The response and all of its body."""
    response: Any = client.get(
        address(run, name), headers={key.replace("_", "-"): text for key, text in headers.items()}
    )
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return response, content


@pytest.mark.parametrize("name", ["a.txt", "한글/모델 50%.txt", "a#b?c&d=e+f.txt", "deep/er/nest.txt"])
def test_a_viewer_gets_the_bytes_under_any_name(browser: Client, run: Run, name: str) -> None:
    store(run, name, b"hello")
    response, content = get(browser, run, name)
    assert (response.status_code, content) == (200, b"hello")
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_a_script_gets_them_with_its_key(people: People, run: Run) -> None:
    store(run, "a.bin", b"hello")
    key = basic(WandbClient(people.bob).key)["authorization"]
    assert get(Client(), run, "a.bin", Authorization=key)[1] == b"hello"
    assert get(Client(), run, "a.bin", Authorization="Basic YTpi")[0].status_code == 401


def test_a_stranger_gets_404(people: People, run: Run) -> None:
    store(run, "a.bin", b"hello")
    client = Client()
    client.force_login(people.charlie)
    assert client.get(address(run, "a.bin")).status_code == 404


@pytest.mark.parametrize("name", ["nothing.txt", "announced.txt", "a\0b"])
def test_what_is_not_there_is_404(browser: Client, run: Run, name: str) -> None:
    files.announce(run=run, names=["announced.txt"])
    assert browser.get(address(run, name)).status_code == 404


def test_a_file_that_the_storage_lost_is_404(browser: Client, run: Run) -> None:
    store(run, "a.txt", b"hello")
    default_storage.delete(files.listing(run).get().stored_name)
    assert browser.get(address(run, "a.txt")).status_code == 404


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "feed.xml", "page.xhtml", "script.js", "unknown"])
def test_what_could_run_in_a_browser_is_saved_and_not_shown(browser: Client, run: Run, name: str) -> None:
    store(run, name, b"<script>alert(1)</script>")
    response, _content = get(browser, run, name)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("name", ["a.png", "a.txt", "page.html"])
def test_every_file_is_sandboxed_and_not_sniffed(browser: Client, run: Run, name: str) -> None:
    store(run, name, b"x")
    response, _content = get(browser, run, name)
    assert (response["X-Content-Type-Options"], response["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )


def test_a_name_with_quotes_stays_one_name(browser: Client, run: Run) -> None:
    store(run, 'a"; x="b\\c.bin', b"x")
    response, _content = get(browser, run, 'a"; x="b\\c.bin')
    assert response["Content-Disposition"] == 'attachment; filename="a\\"; x=\\"b\\\\c.bin"'


@pytest.mark.parametrize(
    ("asked", "status", "part", "told"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=0-99", 200, b"0123456789", None),
        ("bytes=4-3", 416, None, "bytes */10"),
        ("bytes=10-", 416, None, "bytes */10"),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_a_part_may_be_asked_for(
    browser: Client, run: Run, asked: str, status: int, part: bytes | None, told: str | None
) -> None:
    store(run, "a.bin", b"0123456789")
    response, content = get(browser, run, "a.bin", Range=asked)
    assert (response.status_code, response.get("Content-Range")) == (status, told)
    if part is not None:
        assert content == part


def test_an_unchanged_file_is_not_sent_again(browser: Client, run: Run) -> None:
    store(run, "a.png", b"x")
    etag = get(browser, run, "a.png")[0]["ETag"]
    assert get(browser, run, "a.png", If_None_Match=etag)[0].status_code == 304
    store(run, "a.png", b"y")
    assert get(browser, run, "a.png", If_None_Match=etag)[0].status_code == 200
