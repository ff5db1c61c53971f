"""Wake a worker after a commit. Rows are the queue: a wake-up that is lost costs a sweep interval, never a row.

Publishing happens on a thread of its own, so that a broker that is slow or gone can neither delay nor fail the
request; equal wake-ups that wait are sent once.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import Any

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

MOST_WAITING = 1000  # wake-ups kept while the broker is away; the sweeps find the rows of the rest

_waiting: dict[tuple[str, tuple[Any, ...]], None] = {}
_changed = threading.Condition()
_thread: threading.Thread | None = None


def wake_after_commit(task: str, *args: Any) -> None:
    """Ask for `task(*args)` once the current transaction is committed (at once when there is none)."""
    transaction.on_commit(lambda: _put(task, args), robust=True)


def _put(task: str, args: tuple[Any, ...]) -> None:
    global _thread
    with _changed:
        if len(_waiting) < MOST_WAITING:
            _waiting[(task, args)] = None
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_publish_forever, name="wake-ups", daemon=True)
            _thread.start()
        _changed.notify()


def _publish_forever() -> None:
    changed, is_broker_there = _changed, True
    while True:
        with changed:
            while changed is _changed and not _waiting:
                changed.wait()
            if changed is not _changed:
                return  # everything has started afresh, with a thread of its own
            task, args = next(iter(_waiting))
            del _waiting[(task, args)]
        try:
            current_app.send_task(task, args=args, retry=False, ignore_result=True)
            is_broker_there = True
        except Exception as problem:
            if is_broker_there:  # one line an outage
                logger.warning("wake-ups are not published, the sweeps will find their rows: %s", problem)
            is_broker_there = False


def _start_afresh() -> None:
    """A forked process has neither its parent's thread nor a lock that thread may have held."""
    global _changed, _thread
    _changed, _thread = threading.Condition(), None
    _waiting.clear()


os.register_at_fork(after_in_child=_start_afresh)
