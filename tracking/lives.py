"""The states of a run and what leads from one to the next; only tracking/ingest.py calls these, in its transactions.

A run has one life after another under the same id: it is resumed, requeued or started again. Each life has one end,
and each end is one fact.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from tracking import events
from tracking.history import HISTORY, SYSTEM
from tracking.models import Run
from tracking.wakeup import wake_after_commit


def touch(run: Run, **fields: Any) -> None:
    Run.objects.filter(pk=run.pk).update(revision=F("revision") + 1, changed_at=timezone.now(), **fields)
    for field, value in fields.items():
        setattr(run, field, value)


def lock(run: Run) -> None:
    """Hold the row and know what it says now."""
    fields = ["state", "exit_code", "ended_at", "life", "stop_requested", "is_preempting"]
    run.refresh_from_db(fields=fields, from_queryset=Run.objects.select_for_update())


def revive(run: Run, has_news: bool) -> bool:
    """Whether the run is running now."""
    if run.state == Run.State.PENDING:
        touch(run, state=Run.State.RUNNING)
    if run.is_active:
        return True
    if run.state != Run.State.CRASHED and not has_news:
        return False
    begin_again(run, Run.State.RUNNING)
    events.record(events.RUN_RESUMED, f"run.resumed:{run.pk}:{run.life}", project=run.project, run=run)
    return True


def begin_again(run: Run, state: Run.State) -> None:
    """Another life under the same id: nothing of how the last one ended is left."""
    touch(
        run,
        state=state,
        life=run.life + 1,
        ended_at=None,
        exit_code=None,
        stop_requested=False,
        is_preempting=False,
    )


def state_of_exit(run: Run, exit_code: int) -> Run.State:
    if exit_code == 0:
        return Run.State.FINISHED
    if run.is_preempting:
        return Run.State.PREEMPTED
    return Run.State.KILLED if run.stop_requested else Run.State.FAILED


EVENT_OF_STATE = {
    Run.State.FINISHED: events.RUN_FINISHED,
    Run.State.FAILED: events.RUN_FAILED,
    Run.State.CRASHED: events.RUN_CRASHED,
    Run.State.KILLED: events.RUN_KILLED,
}


def end(run: Run, state: Run.State, ended_at: datetime, *, exit_code: int | None = None) -> None:
    if run.state == state and run.exit_code == exit_code and run.ended_at is not None:
        return
    touch(run, state=state, ended_at=ended_at, exit_code=exit_code)
    kind = EVENT_OF_STATE.get(state)
    if kind is not None:
        payload = {"exit_code": exit_code}
        # Each life has its own end: a run that ends again is a new fact, a repeated request is not.
        events.record(kind, f"{kind}:{run.pk}:{run.life}", project=run.project, run=run, payload=payload)
    for stream in (HISTORY, SYSTEM):
        wake_after_commit("tracking.tasks.compact_history", run.pk, stream)
