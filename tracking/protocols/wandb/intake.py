"""One file_stream message into the verbs of tracking, in one transaction."""

from __future__ import annotations

import time

from django.db import transaction
from django.http import Http404

from teams.permissions import Principal
from tracking import console, ingest
from tracking.history import Appended
from tracking.models import Run
from tracking.protocols.wandb.message import Chunk, Message
from tracking.scope import find_run_to_log

ACCESS_SECONDS = 3.0  # how long somebody who lost access may go on logging; asking every time costs four queries
MAX_REMEMBERED = 10_000
_allowed: dict[tuple[Principal, str, str, str], tuple[float, int]] = {}


@transaction.atomic
def take_in(principal: Principal, team: str, project: str, name: str, message: Message) -> bool:
    """Store the message; True when the script is asked to stop. Raises Http404 and PermissionDenied."""
    run = _run_to_log(principal, team, project, name)
    has_news = _log_console(run, message) | _log_lines(run, message)
    if message.summary is not None:
        ingest.update_run(run=run, facts=ingest.RunFacts(summary=message.summary))
    # A last message that is sent again says nothing new: it must neither revive the run nor end it a second time.
    if message.exit_code is None or has_news:
        ingest.heartbeat(run=run, has_news=has_news)
    if message.is_preempting and run.is_active:
        ingest.mark_preempting(run=run)
    if message.exit_code is not None:
        ingest.finish_run(run=run, exit_code=message.exit_code)
    return run.stop_requested


def _log_console(run: Run, message: Message) -> bool:
    """Whether there was a line that was not known before. Only runs that have ended need to know."""
    chunk = message.console
    if chunk is None:
        return False
    has_news = not run.is_active and not console.has_all(run.pk, chunk.offset, len(chunk.lines))
    ingest.log_console(run=run, offset=chunk.offset, lines=chunk.lines)
    return has_news


def _log_lines(run: Run, message: Message) -> bool:
    """Whether there was a line that was not known before."""
    has_news = False
    for chunk, log in ((message.history, ingest.log_history), (message.system, ingest.log_system)):
        if chunk is not None and chunk.lines:
            appended = log(run=run, offset=chunk.offset, lines=chunk.lines, rows=chunk.rows)
            has_news |= _has_new_line(chunk, appended)
    return has_news


def _has_new_line(chunk: Chunk, appended: Appended) -> bool:
    return max(appended.first_new, chunk.offset) < chunk.offset + len(chunk.lines)


def _run_to_log(principal: Principal, team: str, project: str, name: str) -> Run:
    """The run, locked; whether the principal may log to it is remembered for seconds.

    A run that was deleted and made again within those seconds is another row, so a miss is looked up once more.
    """
    asked = (principal, team, project, name)
    locked = Run.objects.select_for_update(of=("self",)).select_related("project__team")
    for _look in range(2):
        run = locked.filter(pk=_allowed_run(*asked)).first()
        if run is not None:
            return run
        _allowed.pop(asked, None)
    raise Http404


def _allowed_run(*asked: *tuple[Principal, str, str, str]) -> int:
    now = time.monotonic()
    known = _allowed.get(asked)
    if known is None or now - known[0] > ACCESS_SECONDS:
        if len(_allowed) >= MAX_REMEMBERED:
            _allowed.clear()
        _allowed.pop(asked, None)
        known = _allowed[asked] = now, find_run_to_log(*asked).pk
    return known[1]
