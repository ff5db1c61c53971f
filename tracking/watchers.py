"""Where upper apps may look at new lines while they are being written, without tracking knowing them.

A watcher is called inside the ingestion transaction with the lines that are new. It returns the events they raise
and may write its own small state. One that fails, or whose events cannot be stored, is rolled back to its savepoint,
logged with ids, and never fails ingestion.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.module_loading import import_string

from tracking import events
from tracking.history import Stream
from tracking.models import Event, Run

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class NewLines:
    """Lines of one stream that were not there before; `rows[i]` is line `first_line + i`."""

    run: Run
    stream: Stream
    first_line: int
    rows: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Raised:
    """An event a watcher raises; `key` makes the fact unique."""

    kind: str
    key: str
    payload: dict[str, Any] = field(default_factory=dict)


Watcher = Callable[[NewLines], Sequence[Raised]]


@cache
def watchers() -> tuple[Watcher, ...]:
    """The functions that settings.WATCHERS names."""
    return tuple(import_string(path) for path in settings.WATCHERS)


def offer(lines: NewLines) -> None:
    """Show the lines to every watcher and record what each raises. Call inside the transaction that stores them."""
    run = lines.run
    for watcher in watchers():
        try:
            with transaction.atomic():
                events.record_all(
                    Event(kind=raised.kind, key=raised.key, project=run.project, run=run, payload=raised.payload)
                    for raised in watcher(lines)
                )
        except (OperationalError, InterfaceError):
            raise  # a deadlock or a lost connection: nothing is stored, the client sends the lines again
        except Exception:
            logger.exception("watcher %s failed on run %s line %s", watcher, run.pk, lines.first_line)
