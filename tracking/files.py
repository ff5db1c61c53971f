"""A run's files: their rows and, in Django storage, their bytes.

The name a client gives a file is never a path of ours: bytes lie under `runs/<run>/<digest of the name>-<token>`, so no
name can reach another run, and a file that is uploaded again replaces the old one at once and whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import mimetypes
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from tracking import ingest, leftovers
from tracking.models import Run, RunFile

MAX_NAME = 1024
TEXT_ENDINGS = frozenset({"cfg", "conf", "diff", "ini", "jsonl", "log", "patch", "py", "sh", "toml", "yaml", "yml"})


class Arriving:
    """Bytes on their way in, in a temporary file beside the data; gone with `close()` unless `store` took them."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.NamedTemporaryFile(dir=_incoming())  # noqa: SIM115 closed by close()
        self.size = 0
        self._md5 = hashlib.md5(usedforsecurity=False)

    def write(self, block: bytes) -> None:
        self.file.write(block)
        self._md5.update(block)
        self.size += len(block)

    @property
    def md5(self) -> str:
        return self._md5.hexdigest()

    def close(self) -> None:
        with contextlib.suppress(FileNotFoundError):  # it was moved into the storage
            self.file.close()


class _Movable(File):  # type: ignore[type-arg]
    """A temporary file that a storage on the same file system takes by renaming it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def check_name(name: str) -> None:
    """Raise ValidationError unless `name` is a relative path that stays inside its run."""
    if not name or len(name) > MAX_NAME:
        raise ValidationError({"files": _("A file name has 1 to %(limit)d characters.") % {"limit": MAX_NAME}})
    if "\x00" in name or name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name):
        message = _("“%(name)s” is no file name here: write a relative path without “..” or NUL.")
        raise ValidationError({"files": message % {"name": name.replace("\x00", "\\0")[:200]}})


@transaction.atomic
def announce(*, run: Run, names: Sequence[str]) -> None:
    """Rows for files that are about to be uploaded. Raises ValidationError on a name that is none."""
    for name in names:
        check_name(name)
    RunFile.objects.bulk_create([RunFile(run=run, name=name) for name in names], ignore_conflicts=True, batch_size=500)


def store(*, run: Run, name: str, arriving: Arriving) -> RunFile:
    """Keep what has arrived as the run's file of that name, instead of an earlier one."""
    check_name(name)
    arriving.file.flush()
    os.fsync(arriving.file.fileno())
    digest = hashlib.sha256(name.encode()).hexdigest()[:40]
    arriving.file.seek(0)
    stored_name = default_storage.save(f"{_folder(run.pk)}/{digest}-{secrets.token_hex(4)}", _Movable(arriving.file))
    try:
        row, replaced = _record(run, name, stored_name, arriving)
    except BaseException:
        default_storage.delete(stored_name)
        raise
    if replaced:
        default_storage.delete(replaced)
    return row


def listing(run: Run) -> QuerySet[RunFile]:
    """The files whose bytes are there, by name."""
    return RunFile.objects.filter(run=run).exclude(uploaded_at=None).order_by("name")


def open_file(file: RunFile) -> IO[bytes]:
    """The bytes of an uploaded file. Raises FileNotFoundError when storage has lost them."""
    opened: IO[bytes] = default_storage.open(file.stored_name, "rb")
    return opened


def remove(*, run: Run, ids: Iterable[int]) -> int:
    """Delete files of the run; returns how many there were."""
    with transaction.atomic():
        rows = RunFile.objects.filter(run=run, pk__in=list(ids))
        stored = [name for name in rows.values_list("stored_name", flat=True) if name]
        count, _by_model = rows.delete()
        ingest.record_files(run=run)
    for name in stored:
        default_storage.delete(name)
    return count


def remove_abandoned() -> int:
    """Delete what processes that were killed left of uploads; returns how many there were."""
    longest_silence = time.time() - 24 * 3600
    abandoned = [path for path in _incoming().iterdir() if path.stat().st_mtime < longest_silence]
    for path in abandoned:
        path.unlink(missing_ok=True)
    return len(abandoned)


@receiver(post_delete, sender=Run)
def _on_deletion(instance: Run, **_signal: object) -> None:
    leftovers.leave(_folder(instance.pk), wakes="tracking.tasks.forget_deleted_runs")


def _folder(run_id: int) -> str:
    return f"runs/{run_id}"


def _incoming() -> Path:
    directory = Path(settings.DATA_DIR) / "incoming"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def media_type_of(name: str) -> str:
    """By the ending of the name; what people read in an editor is plain text."""
    ending = name.rpartition(".")[2].lower()
    return "text/plain" if ending in TEXT_ENDINGS else mimetypes.guess_type(name)[0] or "application/octet-stream"


@transaction.atomic
def _record(run: Run, name: str, stored_name: str, arriving: Arriving) -> tuple[RunFile, str]:
    row, _created = RunFile.objects.select_for_update().get_or_create(run=run, name=name)
    replaced = row.stored_name
    row.stored_name, row.size, row.md5 = stored_name, arriving.size, arriving.md5
    row.media_type = media_type_of(name)
    row.uploaded_at = timezone.now()
    row.save(update_fields=["stored_name", "size", "md5", "media_type", "uploaded_at", "updated_at"])
    ingest.record_files(run=run)
    return row, replaced
