"""Server-sent events: the ASGI callable is driven as a server drives it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import orjson
import pytest
from django.db import connections
from django.test import Client

from teams.accounts import create_api_key
from teams.models import ApiKey, Membership, User
from tests.factories import make_project, make_run
from tests.people import make_people
from tracking import ingest, live, movements
from tracking.movements import hub

pytestmark = pytest.mark.django_db(transaction=True)

WAIT = 20.0  # seconds until a test gives up


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movements, "POLL_SECONDS", 0.02)


@pytest.fixture(autouse=True)
def no_connection_left() -> Any:
    yield
    hub._thread.submit(connections.close_all).result()


class Page:
    """A browser at the other end of one stream."""

    def __init__(self, query: str, headers: list[tuple[bytes, bytes]]) -> None:
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.gone = asyncio.Event()
        scope: Any = {"type": "http", "method": "GET", "path": "/live", "headers": headers}
        scope["query_string"] = query.encode()
        self.task = asyncio.create_task(live.live(scope, self._receive, self._send))

    async def _receive(self) -> Any:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self.sent.put(message)

    async def status(self) -> int:
        message = await asyncio.wait_for(self.sent.get(), WAIT)
        return int(message["status"])

    async def moves(self) -> list[dict[str, Any]]:
        """The next message that says that something moved."""
        while True:
            body = (await asyncio.wait_for(self.sent.get(), WAIT)).get("body", b"")
            if body.startswith(b"data: "):
                return list(orjson.loads(body[6:]))

    async def leave(self) -> None:
        self.gone.set()
        await asyncio.wait_for(self.task, WAIT)


@contextlib.asynccontextmanager
async def page(query: str, user: User | None = None, key: str = "") -> AsyncIterator[Page]:
    headers = []
    if user is not None:
        headers.append((b"cookie", f"sessionid={await do(session_of, user)}".encode()))
    if key:
        headers.append((b"authorization", f"Bearer {key}".encode()))
    opened = Page(query, headers)
    try:
        yield opened
    finally:
        await opened.leave()


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


async def do(verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a verb on the one thread whose database connection is closed after each test."""
    return await hub.in_thread(lambda: verb(*args, **kwargs))


def in_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


def test_a_page_hears_that_a_run_of_its_project_moved() -> None:
    people = make_people()
    project = make_project(people.team, people.alice)

    async def story() -> None:
        async with page(f"project={project.pk}", people.vera) as watching:
            assert await watching.status() == 200
            run = await do(make_run, project)
            first = await watching.moves()
            assert first == [{"project": project.pk, "run": "abc123", "revision": 1, "state": "running"}]
            await do(ingest.finish_run, run=run, exit_code=0)
            assert (await watching.moves())[0]["state"] == "finished"

    in_a_loop(story)


def test_what_moved_just_before_the_page_came_is_told_at_once() -> None:
    people = make_people()
    run = make_run(make_project(people.team, people.alice))

    async def story() -> None:
        async with page(f"run={run.pk}", people.bob) as watching:
            await watching.status()
            assert [moved["run"] for moved in await watching.moves()] == ["abc123"]

    in_a_loop(story)


def test_nobody_hears_of_another_teams_runs() -> None:
    people = make_people()
    project = make_project(people.team, people.alice, "theirs")
    run = make_run(project, name="theirs")
    own = make_project(people.charlie.personal_team, people.charlie, "own")

    async def story() -> None:
        asked = f"project={project.pk}&run={run.pk}&project={own.pk}"
        async with page(asked, people.charlie) as stranger, page(f"project={project.pk}", people.vera) as member:
            assert (await stranger.status(), await member.status()) == (200, 200)
            await do(ingest.heartbeat, run=run)
            assert [moved["run"] for moved in await member.moves()] == ["theirs"]
            await do(make_run, own, name="mine")
            assert [moved["run"] for moved in await stranger.moves()] == ["mine"]

    in_a_loop(story)


def test_a_stranger_and_nobody_are_refused() -> None:
    people = make_people()
    project = make_project(people.team, people.alice)

    async def story() -> None:
        async with page(f"project={project.pk}", people.charlie) as stranger:
            assert await stranger.status() == 404
        async with page(f"project={project.pk}") as nobody:
            assert await nobody.status() == 401
        async with page("", people.alice) as vague:
            assert await vague.status() == 400
        async with page("&".join(f"project={number}" for number in range(1000)), people.alice) as greedy:
            assert await greedy.status() == 400

    in_a_loop(story)


def test_an_api_key_listens_too() -> None:
    people = make_people()
    project = make_project(people.team, people.alice)
    _row, secret = create_api_key(user=people.vera)

    async def story() -> None:
        async with page(f"project={project.pk}", key=secret) as script:
            assert await script.status() == 200

    in_a_loop(story)


def test_a_key_that_may_only_log_runs_does_not_listen() -> None:
    people = make_people()
    project = make_project(people.team, people.alice)
    _row, secret = create_api_key(user=people.bob, scope=ApiKey.Scope.INGEST)

    async def story() -> None:
        async with page(f"project={project.pk}", key=secret) as script:
            assert await script.status() == 403

    in_a_loop(story)


def test_the_stream_ends_when_access_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "ACCESS_SECONDS", 0.0)
    people = make_people()
    run = make_run(make_project(people.team, people.alice))

    async def story() -> None:
        async with page(f"run={run.pk}", people.vera) as watching:
            await watching.status()
            await watching.moves()
            await do(Membership.objects.filter(user=people.vera).delete)
            await do(ingest.heartbeat, run=run)
            await asyncio.wait_for(asyncio.shield(watching.task), WAIT)

    in_a_loop(story)


def test_a_silent_stream_says_that_it_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.01)
    people = make_people()
    project = make_project(people.team, people.alice)

    async def story() -> None:
        async with page(f"project={project.pk}", people.vera) as watching:
            await watching.status()
            bodies = [await asyncio.wait_for(watching.sent.get(), WAIT) for _message in range(2)]
            assert bodies[0]["body"].startswith(b"retry:")
            assert bodies[1]["body"].startswith(b":")

    in_a_loop(story)


def test_nothing_is_asked_when_nobody_listens() -> None:
    people = make_people()
    project = make_project(people.team, people.alice)

    async def story() -> None:
        async with page(f"project={project.pk}", people.vera) as watching:
            await watching.status()
            assert len(hub.listeners) == 1
        assert not hub.listeners
        async with asyncio.timeout(WAIT):
            while hub._task is not None:
                await asyncio.sleep(0.01)

    in_a_loop(story)


def test_a_full_server_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MAX_CONNECTIONS", 0)
    people = make_people()
    project = make_project(people.team, people.alice)

    async def story() -> None:
        async with page(f"project={project.pk}", people.vera) as watching:
            assert await watching.status() == 503

    in_a_loop(story)
