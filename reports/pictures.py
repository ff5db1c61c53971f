"""Pictures of frozen figures: rows that ask for them, and their bytes in Django storage.

A picture is found again by the hash of what it shows, so that an identical one is drawn once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.signals import post_delete
from django.dispatch import receiver

from reports.models import Edition, FrozenFigure, Rendering
from tracking import leftovers
from tracking.wakeup import wake_after_commit

FOLDER = "renderings"  # of the storage; below it a folder for each content hash
FORMATS = ("png", "svg")
MEDIA_TYPES = {"png": "image/png", "svg": "image/svg+xml"}
THEMES = ("light", "dark")
LOOK = 1  # raise it when pictures of the same figure should be drawn anew


def ask_for(figures: Iterable[FrozenFigure]) -> None:
    """One waiting row for each format and theme of what was drawn. Call inside the transaction of the edition."""
    Rendering.objects.bulk_create(
        Rendering(figure=figure, format=format, theme=theme, content_hash=content_hash(figure, format, theme))
        for figure in figures
        if figure.points is not None
        for format in FORMATS
        for theme in THEMES
    )
    wake_after_commit("reports.tasks.render_due")


def ask_again(edition: Edition) -> None:
    """Let the pictures that could not be drawn wait once more."""
    failed = Rendering.objects.filter(figure__edition=edition, state=Rendering.State.FAILED)
    failed.update(state=Rendering.State.WAITING, attempts=0, error="", claimed_until=None)
    wake_after_commit("reports.tasks.render_due")


def content_hash(figure: FrozenFigure, format: str, theme: str) -> str:
    """Equal for pictures that look the same."""
    shown = json.dumps([LOOK, figure.points, format, theme], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(shown.encode()).hexdigest()


def store(content_hash: str, format: str, content: bytes) -> str:
    """Keep the bytes; returns the name to open them by.

    Where a file of that name is left from a worker that was killed while writing, storage picks another name.
    """
    return default_storage.save(f"{_folder(content_hash)}/picture.{format}", ContentFile(content))


def exists(name: str) -> bool:
    return default_storage.exists(name)


def open_picture(row: Rendering) -> BinaryIO | None:
    """The picture's bytes. When the file is gone the row waits again, and None comes back."""
    try:
        return default_storage.open(row.stored_name)  # type: ignore[return-value]
    except FileNotFoundError:
        Rendering.objects.filter(pk=row.pk, state=Rendering.State.DONE).update(
            state=Rendering.State.WAITING, stored_name="", attempts=0
        )
        return None


def leave(row: Rendering) -> None:
    """The row is gone: its picture goes too, unless another row shows the same."""
    leftovers.leave(_folder(row.content_hash), wakes="reports.tasks.remove_unused_pictures")


def remove_unused() -> int:
    """Delete the pictures that were left and that no rendering shows any more; returns how many."""
    return leftovers.free(FOLDER, _is_shown)


@receiver(post_delete, sender=Rendering)
def _on_deletion(instance: Rendering, **_signal: object) -> None:
    leave(instance)


def _is_shown(folder: str) -> bool:
    return Rendering.objects.filter(content_hash=folder.removeprefix(f"{FOLDER}/")).exists()


def _folder(content_hash: str) -> str:
    return f"{FOLDER}/{content_hash}"
