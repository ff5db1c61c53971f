"""Celery's entry points of reports: each calls one function."""

from celery import shared_task

from reports import pictures, rendering


@shared_task
def render_due() -> int:
    return rendering.render_due()


@shared_task
def remove_unused_pictures() -> int:
    return pictures.remove_unused()
