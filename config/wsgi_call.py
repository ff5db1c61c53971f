"""One call of a WSGI application (PEP 3333), cut into steps of which none waits for a connection."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from functools import partial
from typing import IO, Any

from asgiref.typing import HTTPScope

BLOCK = 256 * 1024  # bytes of a stream that are read ahead of its reader

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class WsgiCall:
    """Call `begin`, then `read` until it `is_over`, or `close` before: in any threads, one after the other.

    All of it runs in one context, so that a stream goes on in the language in which it began.
    """

    def __init__(self, wsgi: Wsgi, environ: Environ) -> None:
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.is_over = False
        self._wsgi, self._environ = wsgi, environ
        self._result: Iterable[bytes] = ()
        self._blocks: Iterator[bytes] = iter(())
        context = copy_context()
        self.begin = partial(context.run, self._begin)
        self.read = partial(context.run, self._read)
        self.close = partial(context.run, self._close)

    def _begin(self) -> bytes:
        """The first bytes of the answer, all of them when it `is_over`; `status` and `headers` are known then."""
        self._result = self._wsgi(self._environ, self._start)
        self._blocks = iter(() if self._environ["REQUEST_METHOD"] == "HEAD" else self._result)
        return self._read()

    def _read(self) -> bytes:
        """The next bytes: BLOCK or a little more, fewer when it `is_over`."""
        read = bytearray()
        try:
            for block in self._blocks:
                read += block
                if len(read) >= BLOCK:
                    return bytes(read)
        except BaseException:
            self._close()
            raise
        self._close()
        return bytes(read)

    def _close(self) -> None:
        """Let the application free what it holds, at the end or before."""
        if not self.is_over:
            self.is_over = True
            getattr(self._result, "close", lambda: None)()

    def _start(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def environ_of(scope: HTTPScope, body: IO[bytes], length: int) -> Environ:
    """What WSGI wants to know of a request whose whole body of `length` bytes is in `body`."""
    host, port = scope.get("server") or ("localhost", 80)
    address = (scope.get("client") or ("", 0))[0]
    return _headers(scope) | {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": address,
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _headers(scope: HTTPScope) -> Environ:
    """Headers with an underscore are left out: they would pass for those with a hyphen that a proxy has checked."""
    found: Environ = {}
    for name, value in scope["headers"]:
        if b"_" not in name:
            key = name.decode("latin-1").upper().replace("-", "_")
            key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
            separator = "; " if key == "HTTP_COOKIE" else ","
            found[key] = found[key] + separator + value.decode("latin-1") if key in found else value.decode("latin-1")
    found.pop("HTTP_CONTENT_LENGTH", None)
    return found
