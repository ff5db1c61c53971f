"""One request and its reply, for plain ASGI callables: the hot path pays for no middleware, session or locale."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import zlib
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope

logger = logging.getLogger(__name__)

RETRY_AFTER = b"5"  # seconds, when the trouble is ours
IDLE_SECONDS = 60.0  # a sender that is silent for so long is taken for gone
DRAINED = 512 * 1024 * 1024  # bytes of a refused body that are still read, so that its sender hears why


class Gone(Exception):
    """The sender hung up before its request was complete; nobody hears an answer."""


class Silent(Gone):
    """The sender sends nothing any more; it may still hear an answer."""


class TooLarge(Exception):
    """The body is larger than was allowed."""


class BadEncoding(Exception):
    """The body is not what its Content-Encoding says; the message says why."""


class Refused(Exception):
    """An answer other than 2xx: `status`, and a sentence that says what is wrong and what to do."""

    def __init__(self, status: HTTPStatus, error: str) -> None:
        super().__init__(error)
        self.status = status


class Exchange:
    def __init__(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        self.path = scope["path"]
        self.subject = quote(self.path)  # what the log calls the request; one whose path is a secret says otherwise
        self.method = scope["method"]
        self._headers = scope["headers"]
        self._receive, self._send = receive, send
        self._is_read = self._is_silent = False

    def header(self, name: str) -> str:
        """The first header of that name, "" when there is none."""
        wanted = name.lower().encode("latin-1")
        return next((value.decode("latin-1") for key, value in self._headers if key == wanted), "")

    @property
    def length(self) -> int | None:
        """The body's announced length in bytes, None when the sender does not say."""
        text = self.header("content-length")
        return int(text) if text.isdecimal() and len(text) < 19 else None

    async def blocks(self) -> AsyncIterator[bytes]:
        """The body as it comes in. Raises Gone when it stops before its end, Silent without another wait."""
        while not self._is_read:
            if self._is_silent:
                raise Silent
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    message = await self._receive()
            except TimeoutError:
                self._is_silent = True
                raise Silent from None
            if message["type"] != "http.request":
                raise Gone
            self._is_read = not message.get("more_body", False)
            if message.get("body"):
                yield message["body"]

    async def body(self, limit: int) -> bytes:
        """The whole body, as packed as it comes. Raises TooLarge beyond `limit` bytes, and Gone."""
        read = bytearray()
        if (self.length or 0) > limit:
            raise TooLarge
        async for block in self.blocks():
            read += block
            if len(read) > limit:
                raise TooLarge
        return bytes(read)

    def unpacked(self, body: bytes, limit: int) -> bytes:
        """The body as it was before its Content-Encoding. Raises TooLarge beyond `limit` bytes, and BadEncoding.

        It takes its time: not for the event loop.
        """
        return _unpacked(body, self.header("content-encoding").strip().lower(), limit)

    async def refuse(self, refused: Refused) -> None:
        """Log once, and answer when the sender is done: whoever still writes does not read our answer."""
        level = logging.ERROR if refused.status >= 500 else logging.WARNING
        line = "%s %s %s: %s"
        logger.log(level, line, self.method, self.subject, refused.status.value, refused, exc_info=refused.__cause__)
        with contextlib.suppress(Gone):
            left = DRAINED
            async for block in self.blocks():
                left -= len(block)
                if left < 0:
                    break
        await self.reply({"error": str(refused)}, refused.status)

    async def reply(self, value: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        """Answer with a JSON object."""
        body = orjson.dumps(value)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            headers.append((b"retry-after", RETRY_AFTER))
        if not self._is_read:
            headers.append((b"connection", b"close"))
        await self._send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


def _unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    if encoding in {"", "identity"}:
        return body
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise BadEncoding(f"Content-Encoding {encoding!r} is not understood; send gzip, deflate or none.")
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # 32: gzip or zlib, as its header says
    try:
        unpacked = unpacker.decompress(body, limit + 1)
    except zlib.error as problem:
        raise BadEncoding(f"The body is not {encoding}, as its Content-Encoding says: {problem}.") from None
    if len(unpacked) > limit:
        raise TooLarge
    if not unpacker.eof:
        raise BadEncoding(f"The {encoding} body ends too early.")
    return unpacked
