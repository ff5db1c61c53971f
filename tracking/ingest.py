"""The verbs that change a run; nothing else writes one.

Each is one transaction: the change, the history lines and the `Event` rows they raise. A repeated call changes
nothing. Adapters (tracking/protocols/) translate foreign wire formats into these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from teams.models import User
from tracking import console, events, history, lives, names, wire
from tracking.history import HISTORY, SYSTEM, Appended, Stream
from tracking.models import Event, Project, Run
from tracking.wakeup import wake_after_commit
from tracking.watchers import NewLines, offer

COMPACT_EVERY = 4096  # lines; a worker is woken when the tail of a stream has grown by that many


@dataclass(frozen=True)
class RunFacts:
    """What a client says of a run; None means "not said, keep what is there"."""

    display_name: str | None = None
    config: str | None = None  # JSON text, replaces the whole config
    summary: str | None = None  # JSON text, replaces the whole summary
    group: str | None = None
    job_type: str | None = None
    sweep_name: str | None = None
    notes: str | None = None
    tags: list[str] | None = None
    host: str | None = None
    program: str | None = None
    commit: str | None = None
    repository: str | None = None


@transaction.atomic
def start_run(*, project: Project, name: str, user: User | None, facts: RunFacts) -> tuple[Run, bool]:
    """The project's run of that id, made if it is new (second value True), with the facts laid over it."""
    run = Run.objects.select_for_update().filter(project=project, name=name).first()
    if run is None:
        # The project's row is the lock for new runs: whoever waited here looks again.
        Project.objects.filter(pk=project.pk).update(runs_started=F("runs_started") + 1)
        run = Run.objects.filter(project=project, name=name).first()
    if run is not None:
        run.project = project
        _lay(run, facts)
        return run, False
    number = Project.objects.values_list("runs_started", flat=True).get(pk=project.pk)
    now = timezone.now()
    run = Run(project=project, name=name, number=number, user=user, heartbeat_at=now, changed_at=now)
    run.display_name = names.invent(number)
    for field, value in _given(facts).items():
        setattr(run, field, value)
    run.display_name = run.display_name or names.invent(number)
    run.full_clean(validate_unique=False, exclude=["project", "user"])
    run.save(force_insert=True)
    events.record(events.RUN_STARTED, f"run.started:{run.pk}", project=project, run=run)
    return run, True


@transaction.atomic
def update_run(*, run: Run, facts: RunFacts) -> None:
    _lay(run, facts)


@transaction.atomic
def start_process(*, run: Run) -> None:
    """A process begins to log to a run that is there: what was asked of the one before it does not concern it."""
    lives.lock(run)
    lives.revive(run, has_news=True)
    lives.touch(run, heartbeat_at=timezone.now(), stop_requested=False, is_preempting=False)


def log_history(
    *, run: Run, offset: int, lines: Sequence[str], rows: Sequence[dict[str, Any]] | None = None
) -> Appended:
    """Store history lines `offset …` and raise the events that watchers see in those that are new."""
    return _log(run, HISTORY, offset, lines, rows)


def log_system(
    *, run: Run, offset: int, lines: Sequence[str], rows: Sequence[dict[str, Any]] | None = None
) -> Appended:
    """Store machine metrics; watchers see them too."""
    return _log(run, SYSTEM, offset, lines, rows)


@transaction.atomic
def log_console(*, run: Run, offset: int, lines: Sequence[console.Line]) -> None:
    """Write console lines `offset …`; a line written again replaces the earlier text."""
    console.write(run.pk, offset, lines)
    lives.touch(run)


@transaction.atomic
def heartbeat(*, run: Run, has_news: bool = False) -> None:
    """The run is alive. One that was queued or taken for dead is running; one that ended is only if there is news.

    A late or repeated request, or another process under the same id, does not bring back what has ended.
    """
    if lives.revive(run, has_news):
        lives.touch(run, heartbeat_at=timezone.now())


@transaction.atomic
def finish_run(*, run: Run, exit_code: int) -> None:
    """The script ended. 0 is finished, anything else failed (killed or preempted where that was asked for)."""
    state = lives.state_of_exit(run, exit_code)
    lives.end(run, state, timezone.now(), exit_code=exit_code)


@transaction.atomic
def crash_run(*, run: Run, silent_since: datetime) -> bool:
    """Mark a run whose heartbeats stopped; False when it spoke meanwhile."""
    active = Run.objects.filter(
        pk=run.pk, state__in=[Run.State.RUNNING, Run.State.PREEMPTING], heartbeat_at__lte=silent_since
    )
    if not active.update(changed_at=timezone.now()):
        return False
    run.refresh_from_db()
    lives.end(run, Run.State.CRASHED, run.heartbeat_at)
    return True


@transaction.atomic
def stop_run(*, run: Run) -> None:
    """Ask the script to stop; the client hears it with its next file_stream reply."""
    lives.touch(run, stop_requested=True)


@transaction.atomic
def mark_preempting(*, run: Run) -> None:
    lives.touch(run, is_preempting=True)


@transaction.atomic
def raise_alert(*, run: Run, title: str, text: str, level: str, wait_seconds: float) -> bool:
    """`run.alert()`: False when the same title was raised within `wait_seconds` before."""
    now = timezone.now()
    recent = Event.objects.filter(run=run, kind=events.ALERT_RAISED, payload__title=title).order_by("-id").first()
    if recent is not None and (now - recent.created_at).total_seconds() < wait_seconds:
        return False
    payload = {"title": title, "text": text, "level": level}
    key = f"alert:{run.pk}:{now.timestamp():.6f}"
    return events.record(events.ALERT_RAISED, key, project=run.project, run=run, payload=payload)


# What a person or a scheduler may set by hand, and from which states.
TRANSITIONS: dict[str, set[Run.State]] = {
    Run.State.PENDING: {Run.State.RUNNING, Run.State.FAILED, Run.State.CRASHED, Run.State.PREEMPTED},
    Run.State.FAILED: {Run.State.PENDING, Run.State.RUNNING},
}


@transaction.atomic
def set_state(*, run: Run, state: str) -> None:
    """Put a run back in the queue, or give up one that is lost. Raises ValidationError on another transition."""
    lives.lock(run)
    if run.state not in TRANSITIONS.get(state, ()):
        message = _("invalid state transition: a %(old)s run cannot become %(new)s")
        raise ValidationError({"state": message % {"old": run.state, "new": state}})
    if state == Run.State.FAILED:
        lives.end(run, Run.State.FAILED, timezone.now())
    else:
        lives.begin_again(run, Run.State.PENDING)


@transaction.atomic
def record_files(*, run: Run) -> None:
    """Files of the run came or went: open pages look again."""
    lives.touch(run)


@transaction.atomic
def delete_run(*, run: Run) -> None:
    """The run with everything of it; a worker frees its history and the bytes of its files (tracking/leftovers.py)."""
    # Whoever writes lines holds the run's row: without it, a line that comes meanwhile would be left behind.
    held = Run.objects.select_for_update().filter(pk=run.pk).first()
    if held is not None:
        held.delete()


@transaction.atomic
def _log(
    run: Run, stream: Stream, offset: int, lines: Sequence[str], rows: Sequence[dict[str, Any]] | None
) -> Appended:
    appended = history.append(run.pk, stream, offset, lines)
    lives.touch(run)
    fresh = max(appended.first_new, offset)
    if fresh < offset + len(lines):
        parsed = rows if rows is not None else [wire.loads(line) for line in lines]
        offer(NewLines(run, stream, fresh, parsed[fresh - offset :]))
        if fresh // COMPACT_EVERY != appended.next_line // COMPACT_EVERY:
            wake_after_commit("tracking.tasks.compact_history", run.pk, stream)
    return appended


def _given(facts: RunFacts) -> dict[str, Any]:
    return {field: value for field, value in vars(facts).items() if value is not None}


def _lay(run: Run, facts: RunFacts) -> None:
    changed = {field: value for field, value in _given(facts).items() if getattr(run, field) != value}
    if not changed.get("display_name", "x"):
        del changed["display_name"]
    if not changed:
        return
    for field, value in changed.items():
        setattr(run, field, value)
    run.full_clean(validate_unique=False, exclude=["project", "user"])
    lives.touch(run, **changed)
