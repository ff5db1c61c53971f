"""The pictures of messages as they were sent, in Django storage, for the pages of deliveries."""

from __future__ import annotations

import logging

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.signals import post_delete
from django.dispatch import receiver

from notifications.models import Delivery
from tracking import leftovers

logger = logging.getLogger(__name__)

FOLDER = "messages"


def keep(delivery: Delivery, chart: bytes) -> None:
    """Storage trouble costs the page its picture, nothing else."""
    try:
        stored = default_storage.save(f"{_folder(delivery.pk)}/chart.png", ContentFile(chart))
    except Exception:
        logger.exception("the chart of delivery %s could not be stored", delivery.pk)
        return
    if not Delivery.objects.filter(pk=delivery.pk).update(stored_chart=stored):
        _leave(delivery.pk)  # it was deleted while it was sent


def remove_unused() -> int:
    """Delete the pictures of messages that are no more; returns of how many."""
    return leftovers.free(FOLDER)


@receiver(post_delete, sender=Delivery)
def _on_deletion(instance: Delivery, **_signal: object) -> None:
    if instance.attempts_made:
        _leave(instance.pk)


def _leave(pk: int) -> None:
    leftovers.leave(_folder(pk), wakes="notifications.tasks.remove_unused_charts")


def _folder(pk: int) -> str:
    return f"{FOLDER}/{pk}"
