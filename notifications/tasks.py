"""Celery's entry points of notifications: each calls one function."""

from celery import shared_task

from notifications import kept_charts, outbox


@shared_task
def deliver_due() -> int:
    return outbox.deliver_due()


@shared_task
def remove_unused_charts() -> int:
    return kept_charts.remove_unused()
