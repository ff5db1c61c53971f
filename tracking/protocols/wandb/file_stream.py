"""`POST /files/ENTITY/PROJECT/RUN/file_stream`: history, machine metrics, summary, console and the end of a run.

A 4xx here makes the client give the run's upload up for good, so it is only for what is wrong for good. All trouble of
our own is 503 with Retry-After: the client keeps its lines and sends them again.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from teams.auth import key_from_header, principal_of_key, remembered_principal
from teams.permissions import NOBODY, Principal
from tracking.protocols import threads
from tracking.protocols.exchange import BadEncoding, Exchange, Gone, Refused, Silent, TooLarge
from tracking.protocols.wandb.intake import take_in
from tracking.protocols.wandb.message import BadMessage, parse

ADDRESS = re.compile(r"/files/(?P<team>[^/\0]+)/(?P<project>[^/\0]+)/(?P<run>[^/\0]+)/file_stream")
MAX_BODY = 64 * 1024 * 1024  # bytes; the client sends at most 10 MiB at once
MOST_WAITING = 512 * 1024 * 1024  # bytes of a process that may wait to be stored; then clients are asked to wait

backlog = threads.Backlog(MOST_WAITING)


async def file_stream(scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    exchange = Exchange(scope, receive, send)
    try:
        await exchange.reply(await _answer(exchange))
    except Gone:
        return  # nobody is there to answer; the client sends the same again
    except Refused as refused:
        await exchange.refuse(refused)


async def _answer(exchange: Exchange) -> dict[str, Any]:
    """Nothing of a body is read, kept or unpacked for whoever has no key."""
    address = ADDRESS.fullmatch(exchange.path)
    if address is None:
        raise Refused(HTTPStatus.NOT_FOUND, "No such address; it is /files/ENTITY/PROJECT/RUN/file_stream.")
    principal = await _principal(key_from_header(exchange.header("authorization")))
    body = await _body(exchange)
    with backlog.holding(len(body)):
        return await threads.run_in(threads.ingestion, lambda: _store(principal, exchange, body, **address.groupdict()))


async def _principal(key: str) -> Principal:
    try:
        principal = remembered_principal(key)
        if principal is None:
            principal = await threads.run_in(threads.keys, lambda: principal_of_key(key))
    except Exception as problem:
        raise _trouble(problem) from problem
    if principal is NOBODY:
        raise Refused(HTTPStatus.UNAUTHORIZED, "Unknown or expired API key; get one at /authorize.")
    return principal


async def _body(exchange: Exchange) -> bytes:
    _require_room(min(exchange.length or 0, MAX_BODY))
    try:
        body = await exchange.body(MAX_BODY)
    except Silent:
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "The request did not arrive whole; send it again.") from None
    except TooLarge:
        raise _too_large() from None
    _require_room(len(body))
    return body


def _require_room(size: int) -> None:
    if not backlog.has_room(size):
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "Debrief has too much to store at the moment.")


def _store(principal: Principal, exchange: Exchange, body: bytes, team: str, project: str, run: str) -> dict[str, Any]:
    try:
        stops = take_in(principal, team, project, run, parse(exchange.unpacked(body, MAX_BODY)))
    except TooLarge:
        raise _too_large() from None
    except BadEncoding as problem:
        raise Refused(HTTPStatus.BAD_REQUEST, str(problem)) from None
    except BadMessage as problem:
        raise Refused(HTTPStatus.BAD_REQUEST, str(problem)) from None
    except ValidationError as problem:
        raise Refused(HTTPStatus.BAD_REQUEST, " ".join(problem.messages)) from None
    except Http404:
        raise Refused(HTTPStatus.NOT_FOUND, f"There is no run {team}/{project}/{run}, or you may not see it.") from None
    except PermissionDenied:
        raise Refused(
            HTTPStatus.FORBIDDEN, f"Your role or your API key does not allow logging to {team}/{project}."
        ) from None
    except Exception as problem:
        raise _trouble(problem) from problem
    return {"stopped": True} if stops else {}


def _too_large() -> Refused:
    told = f"The request is larger than {MAX_BODY // 1024**2} MiB; log smaller values or in smaller steps."
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, told)


def _trouble(problem: Exception) -> Refused:
    """Database, disk or a fault of ours: whatever it is, the client must not throw its lines away."""
    told = f"Debrief could not store this at the moment ({type(problem).__name__})."
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, told)
