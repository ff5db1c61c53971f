"""Server-sent events: `GET /live?project=<pk>&run=<pk>…` tells an open page which of its runs moved.

A plain ASGI callable, so that an open page costs a coroutine and no thread. Each message is a JSON list of
`{"project": pk, "run": id, "revision": n, "state": "running"}`; the page then fetches what it shows. What moved in
the minute before the page connected is told at once: nothing is lost between page and connection, nor at a reconnect.
"""

from __future__ import annotations

import asyncio
import time
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

import orjson
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from teams.auth import key_from_header, principal_of_key
from teams.permissions import NOBODY, Principal, visible
from tracking.models import Project, Run
from tracking.movements import Listener, Movement, Subjects, hub

HEARTBEAT_SECONDS = 15.0  # proxies close what is silent for 30 to 60 s
ACCESS_SECONDS = 60.0  # how long somebody who lost access may go on hearing that runs moved
MAX_CONNECTIONS = 5000  # of one process
MAX_SUBJECTS = 100  # projects and runs of one connection


async def live(scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Stream movements until the page goes, access is lost or the server stops."""
    asked = _asked_for(scope)
    if not asked or len(asked.projects) + len(asked.runs) > MAX_SUBJECTS:
        await _refuse(send, 400, f"Name 1 to {MAX_SUBJECTS} projects or runs: /live?project=<number>&run=<number>.")
        return
    if len(hub.listeners) >= MAX_CONNECTIONS:
        await _refuse(send, 503, "Too many open pages on this server; the page asks again by itself.")
        return
    principal = await hub.in_thread(lambda: _principal_of(scope))
    if principal is NOBODY:
        await _refuse(send, 401, "Not signed in.")
        return
    if not principal.may_read:
        await _refuse(send, 403, "This API key may only log runs; use one that may read.")
        return
    allowed = await hub.in_thread(lambda: _visible_of(asked, principal))
    if not allowed:
        await _refuse(send, 404, "There is no such project or run, or you may not see it.")
        return
    await _stream(Listener(allowed), scope, receive, send)


async def _stream(listener: Listener, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    await _start(send, 200, b"text/event-stream; charset=utf-8", (b"x-accel-buffering", b"no"))
    hub.join(listener)
    tasks = {asyncio.create_task(_write(listener, scope, send)), asyncio.create_task(_until_gone(receive))}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hub.leave(listener)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _write(listener: Listener, scope: HTTPScope, send: ASGISendCallable) -> None:
    async def put(text: bytes) -> None:
        await send({"type": "http.response.body", "body": text, "more_body": True})

    await put(b"retry: 2000\n\n")
    checked_at = time.monotonic()
    while not hub.is_stopping:
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await listener.woken.wait()
        except TimeoutError:
            await put(b": still here\n\n")
        if time.monotonic() - checked_at > ACCESS_SECONDS:
            checked_at = time.monotonic()
            listener.subjects = await hub.in_thread(lambda: _visible_of(listener.subjects, _principal_of(scope)))
            if not listener.subjects:
                return
        listener.woken.clear()
        moved, listener.waiting = listener.waiting, {}
        if moved:
            await put(b"data: %s\n\n" % orjson.dumps([_told(movement) for movement in moved.values()]))


async def _until_gone(receive: ASGIReceiveCallable) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _told(moved: Movement) -> dict[str, Any]:
    return {"project": moved.project, "run": moved.run, "revision": moved.revision, "state": moved.state}


def _asked_for(scope: HTTPScope) -> Subjects:
    query = parse_qs(scope["query_string"].decode("latin-1"))

    def numbers(name: str) -> frozenset[int]:
        return frozenset(int(value) for value in query.get(name, []) if value.isdecimal() and len(value) < 19)

    return Subjects(numbers("project"), numbers("run"))


def _principal_of(scope: HTTPScope) -> Principal:
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if b"authorization" in headers:
        return principal_of_key(key_from_header(headers[b"authorization"]))
    try:
        cookie = SimpleCookie(headers.get(b"cookie", "")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return NOBODY
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(cookie.value if cookie else None)
    user = get_user(request)
    return Principal(user_id=user.pk, username=user.get_username()) if user.is_authenticated else NOBODY


def _visible_of(subjects: Subjects, principal: Principal) -> Subjects:
    """What of the subjects the principal may see now."""
    projects = visible(Project.objects.filter(pk__in=subjects.projects), principal).values_list("pk", flat=True)
    runs = visible(Run.objects.filter(pk__in=subjects.runs), principal).values_list("pk", flat=True)
    return Subjects(frozenset(projects), frozenset(runs))


async def _refuse(send: ASGISendCallable, status: int, error: str) -> None:
    extra = [(b"retry-after", b"5")] if status == 503 else []
    await _start(send, status, b"application/json", *extra)
    await send({"type": "http.response.body", "body": orjson.dumps({"error": error}), "more_body": False})


async def _start(send: ASGISendCallable, status: int, media_type: bytes, *extra: tuple[bytes, bytes]) -> None:
    headers = [(b"content-type", media_type), (b"cache-control", b"no-store"), *extra]
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
