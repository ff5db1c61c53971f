"""Celery's entry points of notifications: each calls one function."""

from celery import shared_task

from notifications import outbox


@shared_task
def deliver_due() -> int:
    return outbox.deliver_due()
