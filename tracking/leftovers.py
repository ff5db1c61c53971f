"""What deleted rows leave in storage: the deletion writes a row that names the folder, a worker frees it.

Runs, messages and reports also go with their project, team or user, which know nothing of them. So whoever keeps a
folder hears of the deletion by `post_delete`, in the transaction that deletes. Whatever dies after that, the row stays
until the folder is gone; a sweep looks every hour.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.files.storage import default_storage

from tracking import history
from tracking.models import Leftover, Run
from tracking.wakeup import wake_after_commit

logger = logging.getLogger(__name__)


def leave(folder: str, *, wakes: str) -> None:
    """Name a folder that nobody needs any more, in the transaction that makes it so. The task `wakes` frees it."""
    Leftover.objects.create(folder=folder)
    wake_after_commit(wakes)


def free(kind: str, is_needed: Callable[[str], bool] = lambda _folder: False) -> int:
    """Delete what was left under `kind`/; returns how many folders that were.

    `is_needed` says of a folder that somebody else still shows what lies in it: then it stays, without its row.
    """
    freed = 0
    for pk, folder in list(Leftover.objects.filter(folder__startswith=f"{kind}/").values_list("pk", "folder")):
        try:
            if not is_needed(folder):
                _delete(folder)
                freed += 1
        except Exception:
            logger.exception("%s could not be freed, the next sweep tries again", folder)
        else:
            Leftover.objects.filter(pk=pk).delete()
    return freed


def forget_deleted_runs() -> int:
    """Free the histories and stored files of runs that are no more; returns how many runs left files."""
    stored = history.run_ids()  # first these: a run that begins meanwhile is not among them
    for run_id in stored - set(Run.objects.values_list("pk", flat=True)):
        history.forget(run_id)
    return free("runs")


def _delete(folder: str) -> None:
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)  # the directory, where storage has such a thing
