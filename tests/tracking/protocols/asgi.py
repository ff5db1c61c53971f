"""Requests to plain ASGI callables, as a server would make them."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

App = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def basic(key: str) -> dict[str, str]:
    """The header that wandb clients send."""
    return {"authorization": "Basic " + base64.b64encode(f"api:{key}".encode()).decode()}


def call(
    app: App,
    method: str,
    path: str,
    body: bytes | Iterable[bytes] = b"",
    headers: Mapping[str, str] | None = None,
    *,
    hangs_up: bool = False,
    stalls: bool = False,
) -> Answer | None:
    """One request with its body in the given blocks; None when it got no answer.

    The sender `hangs_up` before the body's end, or `stalls`: it neither sends the rest nor goes.
    """
    blocks = [body] if isinstance(body, bytes) else list(body)
    given = {"content-length": str(sum(map(len, blocks))), **(headers or {})}
    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "http_version": "1.1",
        "path": path,
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
    }
    messages = [{"type": "http.request", "body": block, "more_body": True} for block in blocks]
    messages.append({"type": "http.disconnect"} if hangs_up else {"type": "http.request", "body": b""})
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if stalls and len(messages) == 1:
            await asyncio.Event().wait()
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    if not sent:
        return None
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], answered, b"".join(message["body"] for message in sent[1:]))
