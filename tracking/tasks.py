"""Celery's entry points of tracking: each calls one function."""

from celery import shared_task

from tracking import events, history, leftovers, liveness
from tracking.history import Stream


@shared_task
def dispatch_events() -> int:
    return events.dispatch()


@shared_task
def mark_crashed() -> int:
    return liveness.mark_crashed()


@shared_task
def compact_history(run_id: int, stream: Stream) -> int:
    return history.compact(run_id, stream)


@shared_task
def compact_due_histories() -> int:
    return history.compact_due()


@shared_task
def forget_deleted_runs() -> int:
    return leftovers.forget_deleted_runs()
