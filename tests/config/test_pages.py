"""The bridge between connections and Django's threads: no connection that waits holds a thread."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from pytest_django import Settings

from config import pages
from config.pages import Pages
from tests.servers import Debrief
from tests.tracking.protocols.asgi import basic, call
from tracking.protocols import exchange

CONNECTIONS = 3 * pages.WORKERS


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debrief]:
    with Debrief(tmp_path_factory.mktemp("pages"), with_worker=False) as server:
        (server.data / "static" / "large.bin").write_bytes(bytes(40 * 1024**2))  # more than any socket's buffer takes
        server.restart_web()
        yield server


def connect(server: Debrief, request: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port))
    connection.sendall(request)
    return connection


def test_senders_that_stop_in_the_middle_hold_up_nobody(server: Debrief) -> None:
    key = basic(server.api_key)["authorization"]  # without one, nobody would read the body
    head = f"POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: {key}\r\nContent-Length: 100\r\n\r\n{{"
    with ExitStack() as open_connections:
        for _ in range(CONNECTIONS):
            open_connections.enter_context(connect(server, head.encode()))
        assert httpx.get(f"{server.url}/signin", timeout=20).status_code == 200


def test_readers_that_stop_in_the_middle_hold_up_nobody(server: Debrief) -> None:
    head = b"GET /static/large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with ExitStack() as open_connections:
        for _ in range(CONNECTIONS):
            connection = open_connections.enter_context(connect(server, head))
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
        assert httpx.get(f"{server.url}/signin", timeout=20).status_code == 200
        assert len(httpx.get(f"{server.url}/static/large.bin", timeout=60).content) == 40 * 1024**2


class Application:
    """A WSGI application that remembers what it was asked, and answers with `blocks`."""

    def __init__(self, blocks: Iterable[bytes] = (b"fine",)) -> None:
        self.blocks = iter(blocks)
        self.environ: dict[str, Any] = {}
        self.body = b""
        self.is_closed = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Application:
        self.environ = environ
        self.body = environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        return self.blocks

    def close(self) -> None:
        self.is_closed = True


def test_a_body_without_a_length_arrives_whole() -> None:
    application = Application()
    blocks = [b"x" * 1000] * 3000  # longer than what is kept in memory
    answer = call(Pages(application, workers=1), "POST", "/page", blocks, {"content-length": ""})
    assert answer is not None and (answer.status, answer.body) == (200, b"fine")
    assert application.body == b"".join(blocks)
    assert application.environ["CONTENT_LENGTH"] == "3000000"
    assert application.is_closed


@pytest.mark.parametrize("length", ["1001", ""])
def test_django_hears_of_a_body_that_is_too_large_and_refuses_it(settings: Settings, length: str) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    application = Application()
    call(Pages(application, workers=1), "POST", "/page", [b"x" * 1001, b"x" * 5000], {"content-length": length})
    assert application.environ["CONTENT_LENGTH"] == "1001"


def test_a_sender_that_hangs_up_is_not_answered_by_django() -> None:
    application = Application()
    call(Pages(application, workers=1), "POST", "/page", b"half", hangs_up=True)
    assert application.environ == {}


def test_a_sender_that_falls_silent_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "IDLE_SECONDS", 0.01)
    application, sent = Application(), []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Pages(application, workers=1)(scope(), forever, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 408
    assert application.environ == {}


def test_a_reader_that_stops_ends_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "SEND_SECONDS", 0.01)
    application = Application(bytes(1024) for _ in iter(int, 1))  # endless

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            await forever()

    asyncio.run(Pages(application, workers=1)(scope(), whole_request(), send))  # type: ignore[arg-type]
    assert application.is_closed


def test_a_reader_that_is_gone_ends_the_stream() -> None:
    application = Application(bytes(1024) for _ in iter(int, 1))
    answer = call(Pages(application, workers=1), "GET", "/page")
    assert answer is not None and answer.status == 200
    assert application.is_closed


def test_a_stream_that_breaks_is_closed() -> None:
    def blocks() -> Iterator[bytes]:
        yield b"some"
        raise OSError("the disk is gone")

    application = Application(blocks())
    with pytest.raises(OSError, match="the disk is gone"):
        call(Pages(application, workers=1), "GET", "/page")
    assert application.is_closed


def test_nothing_is_read_for_the_head_alone() -> None:
    application = Application(bytes(1024) for _ in iter(int, 1))
    answer = call(Pages(application, workers=1), "HEAD", "/page")
    assert answer is not None and (answer.status, answer.body) == (200, b"")
    assert application.is_closed


def test_a_header_with_an_underscore_does_not_pass_for_one_of_a_proxy() -> None:
    application = Application()
    headers = {"x_forwarded_proto": "https", "x-forwarded-proto": "http", "content-type": "text/plain"}
    call(Pages(application, workers=1), "GET", "/page", headers=headers)
    assert application.environ["HTTP_X_FORWARDED_PROTO"] == "http"
    assert application.environ["CONTENT_TYPE"] == "text/plain"


def scope() -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "http_version": "1.1",
        "path": "/page",
        "query_string": b"",
        "headers": [],
    }


async def forever() -> Any:
    await asyncio.Event().wait()


def whole_request() -> Any:
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        return messages.pop() if messages else await forever()

    return receive
