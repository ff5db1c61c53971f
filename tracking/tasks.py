"""Celery's entry points of tracking: each calls one function."""

from celery import shared_task

from tracking import events, history, liveness
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
