"""Wake a worker after a commit. Rows are the queue: a wake-up that is lost costs a sweep interval, never a row.

Publishing happens on a thread of its own, so that a broker that is slow or gone can neither delay nor fail the
request; equal wake-ups that wait are sent once.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

_waiting: dict[tuple[str, tuple[Any, ...]], None] = {}
_changed = threading.Condition()
_thread: threading.Thread | None = None


def wake_after_commit(task: str, *args: Any) -> None:
    """Ask for `task(*args)` once the current transaction is committed (at once when there is none)."""
    transaction.on_commit(lambda: _put(task, args), robust=True)


def _put(task: str, args: tuple[Any, ...]) -> None:
    global _thread
    with _changed:
        _waiting[(task, args)] = None
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_publish_forever, name="wake-ups", daemon=True)
            _thread.start()
        _changed.notify()


def _publish_forever() -> None:
    while True:
        with _changed:
            while not _waiting:
                _changed.wait()
            task, args = next(iter(_waiting))
            del _waiting[(task, args)]
        try:
            current_app.send_task(task, args=args, retry=False, ignore_result=True)
        except Exception as problem:
            logger.warning("wake-up %s%s was not published, a sweep will find its rows: %s", task, args, problem)
