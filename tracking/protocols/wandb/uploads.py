"""`PUT /uploads/SIGNED`: the bytes of a run's file, straight to disk.

A plain ASGI callable, so that an upload that takes an hour holds a coroutine and no thread.
"""

from __future__ import annotations

import contextlib
from functools import partial
from http import HTTPStatus

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404

from teams.models import User
from teams.permissions import Principal, require_ingest
from tracking import files
from tracking.files import Arriving
from tracking.models import Run
from tracking.protocols import threads
from tracking.protocols.exchange import Exchange, Gone, Refused, Silent
from tracking.protocols.wandb import upload_urls

BLOCK = 1024 * 1024  # bytes that are hashed and written at once, in a thread


async def upload(scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    exchange = Exchange(scope, receive, send)
    exchange.subject = upload_urls.PREFIX
    arriving: Arriving | None = None
    try:
        target = _target(exchange)
        exchange.subject = f"{target.name!r} of run {target.run_id}"
        length = _length(exchange)
        await threads.run_in(threads.uploads, partial(_run_to_log, target))
        arriving = await threads.run_in(threads.uploads, Arriving)
        await _receive(exchange, arriving, length)
        await threads.run_in(threads.uploads, partial(_store, target, arriving))
        await exchange.reply({})
    except Gone:
        return  # nobody is there to answer; the client sends the file again
    except Refused as refused:
        await exchange.refuse(refused)
    except Exception as problem:
        error = f"Debrief could not store the file at the moment ({type(problem).__name__})."
        trouble = Refused(HTTPStatus.SERVICE_UNAVAILABLE, error)
        trouble.__cause__ = problem
        await exchange.refuse(trouble)
    finally:
        if arriving is not None:
            await threads.run_in(threads.uploads, arriving.close)


def _target(exchange: Exchange) -> upload_urls.Target:
    if exchange.method != "PUT":
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "Upload a file with PUT.")
    try:
        return upload_urls.read(exchange.path)
    except signing.SignatureExpired:
        raise Refused(HTTPStatus.FORBIDDEN, "This upload address is too old; ask createRunFiles for another.") from None
    except signing.BadSignature:
        raise Refused(HTTPStatus.FORBIDDEN, "This upload address is not one of ours; ask createRunFiles.") from None


def _length(exchange: Exchange) -> int:
    if exchange.length is None:
        raise Refused(HTTPStatus.LENGTH_REQUIRED, "Say how long the file is, with Content-Length.")
    if exchange.length > settings.MAX_UPLOAD_BYTES:
        error = (
            f"The file has {exchange.length} bytes, this server takes {settings.MAX_UPLOAD_BYTES} (MAX_UPLOAD_BYTES)."
        )
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error)
    return exchange.length


async def _receive(exchange: Exchange, arriving: Arriving, length: int) -> None:
    """Raises Gone. A file that did not come whole is 503: after a 4xx the client would not send it again."""
    waiting = bytearray()
    with contextlib.suppress(Silent):
        async for block in exchange.blocks():
            waiting += block
            if len(waiting) >= BLOCK:
                await threads.run_in(threads.uploads, partial(arriving.write, bytes(waiting)))
                waiting.clear()
        arriving.write(bytes(waiting))
        waiting.clear()
    received = arriving.size + len(waiting)
    if received != length:
        error = f"{received} of {length} bytes arrived; nothing was stored. Send the file again."
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE if received < length else HTTPStatus.BAD_REQUEST, error)


def _store(target: upload_urls.Target, arriving: Arriving) -> None:
    files.store(run=_run_to_log(target), name=target.name, arriving=arriving)


def _run_to_log(target: upload_urls.Target) -> Run:
    """The run, if whom the address was given to may still log to it: an upload and its address may live for hours."""
    run = Run.objects.select_related("project__team").filter(pk=target.run_id).first()
    if run is None:
        raise Refused(HTTPStatus.NOT_FOUND, "The run of this file is deleted.")
    user_id = User.objects.filter(pk=target.user_id, is_active=True).values_list("pk", flat=True).first()
    try:
        require_ingest(Principal(user_id=user_id), run)
    except (Http404, PermissionDenied):
        error = "Whoever this upload address was given to may no longer log to the run; ask createRunFiles for another."
        raise Refused(HTTPStatus.FORBIDDEN, error) from None
    return run
