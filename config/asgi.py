"""The web process: one ASGI application made of two kinds.

The hot paths and the long connections are plain ASGI callables; everything else goes to Django's synchronous handler
in a fixed pool of threads (config/pages.py). Django's own ASGI handler would pay a thread hop for every synchronous
middleware.
"""

from __future__ import annotations

import asyncio
import logging

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

from config.pages import pages  # comes first: it sets Django up for the imports below
from tracking import files, liveness
from tracking.live import live
from tracking.protocols import threads
from tracking.protocols.wandb.file_stream import file_stream
from tracking.protocols.wandb.upload_urls import PREFIX as UPLOADS
from tracking.protocols.wandb.uploads import upload

logger = logging.getLogger(__name__)


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1000, "reason": "There are no websockets here."})
    elif scope["path"] == "/live":
        await live(scope, receive, send)
    elif scope["method"] == "POST" and scope["path"].startswith("/files/"):
        await file_stream(scope, receive, send)
    elif scope["path"].startswith(UPLOADS):
        await upload(scope, receive, send)
    else:
        await pages(scope, receive, send)


async def _lifespan(receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    await receive()  # lifespan.startup
    await threads.run_in(threads.uploads, files.remove_abandoned)
    accepting = asyncio.create_task(_keep_accepting())
    await send({"type": "lifespan.startup.complete"})
    await receive()  # lifespan.shutdown
    accepting.cancel()
    await send({"type": "lifespan.shutdown.complete"})


async def _keep_accepting() -> None:
    """Say that heartbeats are accepted, on the threads that store them: when they cannot, neither can this."""
    while True:
        try:
            await threads.run_in(threads.ingestion, liveness.accept)
        except Exception:
            logger.exception("Could not note that heartbeats are accepted; meanwhile no run is marked crashed.")
        await asyncio.sleep(liveness.ACCEPT_INTERVAL)
