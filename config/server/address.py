"""The listening socket, and the address that people and scripts use for it."""

from __future__ import annotations

import errno
import os
import socket

from config.server.options import CannotStart

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104  how to reach "any address" from here
BACKLOG = 2048  # connections that wait while a web process is started again


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that children inherit by number. Raises CannotStart with the reason in one line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as problem:
        raise CannotStart(_reason(host, port, problem)) from problem


def url(host: str, port: int) -> str:
    """The address as this machine reaches it."""
    name = EVERYWHERE.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _reason(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} is taken: stop what listens there, or choose another with --port {port + 1}."
    if problem.errno == errno.EACCES:
        return f"Port {port} is for root only: choose one above 1023 with --port, and put a proxy in front."
    if isinstance(problem, socket.gaierror) or problem.errno == errno.EADDRNOTAVAIL:
        return f"--host {host}: not an address of this machine; 127.0.0.1 is this machine only, 0.0.0.0 is all."
    return f"Cannot listen on {host}:{port}: {os.strerror(problem.errno or 0)}."
