"""What a run leaves behind when it went with its team or user: their deletion knows nothing of runs."""

from __future__ import annotations

from tracking import files, history
from tracking.models import Run


def forget_deleted_runs() -> int:
    """Free the histories and stored files of runs that are no more; returns how many runs that were."""
    stored = history.run_ids()  # first these: a run that begins meanwhile is not among them
    gone = stored - set(Run.objects.values_list("pk", flat=True))
    for run_id in gone:
        files.remove_all(run_id)
        history.forget(run_id)  # last: it is how the run is found again, should the storage fail
    return len(gone)
