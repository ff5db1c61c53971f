"""Django's synchronous handler behind ASGI: a thread is held while Django works, never while a connection waits.

A request's body is read to its end before a thread is taken. A short answer is sent when the thread is free again; a
stream goes back to threads of its own for each of its blocks. However many connections stall, pages go on.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.conf import settings

from config.wsgi import application  # comes first: it sets Django up for the imports below
from config.wsgi_call import Wsgi, WsgiCall, environ_of
from tracking.protocols import threads
from tracking.protocols.exchange import Exchange, Gone, Refused

logger = logging.getLogger(__name__)

WORKERS = 12  # threads for pages and GraphQL, each with a database connection that stays open
IN_MEMORY = 1024 * 1024  # bytes of a body; a longer one waits on disk
PIECE = 64 * 1024  # bytes that a reader must take within SEND_SECONDS
SEND_SECONDS = 60.0


class Stalled(Exception):
    """The reader takes nothing any more."""


class Pages:
    """An ASGI application that calls a WSGI one on `workers` threads and reads its streams on as many others."""

    def __init__(self, wsgi: Wsgi, *, workers: int) -> None:
        self._wsgi = wsgi
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="pages")
        self._streams = ThreadPoolExecutor(workers, thread_name_prefix="streams")

    async def __call__(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        exchange = Exchange(scope, receive, send)
        try:
            with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
                length = await _read(exchange, body)
                call = WsgiCall(self._wsgi, environ_of(scope, body, length))
                block = await threads.run_in(self._workers, call.begin)
            await self._answer(call, block, receive, send)
        except Gone:
            await exchange.reply({"error": "The request did not arrive whole."}, HTTPStatus.REQUEST_TIMEOUT)
        except Refused as refused:
            await exchange.refuse(refused)
        except Stalled:
            logger.info("A reader took nothing of its answer for %.0f s; the connection is closed.", SEND_SECONDS)

    async def _answer(self, call: WsgiCall, block: bytes, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await send({"type": "http.response.start", "status": call.status, "headers": call.headers, "trailers": False})
        if call.is_over:
            await _put(send, block, is_last=True)
            return
        gone = asyncio.create_task(_until_gone(receive))
        try:
            await _put(send, block)
            while not call.is_over and not gone.done():
                block = await threads.run_in(self._streams, call.read)
                await _put(send, block, is_last=call.is_over)
        finally:
            gone.cancel()
            await threads.run_in(self._streams, call.close)


async def _read(exchange: Exchange, body: IO[bytes]) -> int:
    """Fill `body` and return its length, or leave it and return one that makes Django say it is too large.

    Raises Gone when it stops before its end and Refused when there is no room for it.
    """
    limit, length = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0, 0
    if (exchange.length or 0) > limit:
        return exchange.length or 0
    async for block in exchange.blocks():
        length += len(block)
        if length > limit:
            break
        try:
            body.write(block)
        except OSError as problem:
            error = f"Debrief has no room for the request at the moment ({type(problem).__name__})."
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, error) from problem
    body.seek(0)
    return length


async def _put(send: ASGISendCallable, block: bytes, *, is_last: bool = False) -> None:
    """Send the block in pieces. Raises Stalled when the reader does not take one in time."""
    for start in range(0, len(block) or 1, PIECE):
        more = not is_last or start + PIECE < len(block)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await send({"type": "http.response.body", "body": block[start : start + PIECE], "more_body": more})
        except TimeoutError:
            raise Stalled from None


async def _until_gone(receive: ASGIReceiveCallable) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


pages = Pages(application, workers=WORKERS)
