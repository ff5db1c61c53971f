"""Names a rule's form offers."""

from __future__ import annotations

from tracking import columns, history
from tracking.models import Project, Run

RUNS_LOOKED_AT = 20


def metric_names(project: Project) -> list[str]:
    """What the newest runs have logged, the metrics people look at first in front; machine metrics last."""
    newest = list(Run.objects.filter(project=project).order_by("-number")[:RUNS_LOOKED_AT])
    machine = sorted(history.keys(newest[0].pk, history.SYSTEM)) if newest else []
    return [*columns.metrics_of(newest), *(name for name in machine if not name.startswith("_"))]
