"""Many runs as columns, the way a list of thousands travels: one array a property, all of the same length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from tracking import runs
from tracking.models import Run
from tracking.overview import leaves

LOOKED_AT = 50  # newest runs whose results name the metrics on offer
OFFERED = 300  # metric names


def columns(listed: Sequence[Run], metric: str) -> dict[str, list[Any]]:
    """`created` and `ended` are seconds since 1970 (`ended` null while active); `value` is the result of `metric`."""
    return {
        "pk": [run.pk for run in listed],
        "id": [run.name for run in listed],
        "name": [run.display_name for run in listed],
        "number": [run.number for run in listed],
        "state": [run.state for run in listed],
        "group": [run.group for run in listed],
        "user": [run.user.username if run.user else "" for run in listed],
        "created": [run.created_at.timestamp() for run in listed],
        "ended": [_seconds(run.ended_at) for run in listed],
        "revision": [run.revision for run in listed],
        "value": [result(run, metric) for run in listed] if metric else [None] * len(listed),
    }


def result(run: Run, metric: str) -> float | None:
    """The number a run's summary has for a metric, also for a nested one (`a.b`) or its `min`, `max` or `last`."""
    value: Any = runs.summary_of(run)
    if metric in value:
        value = value[metric]
    else:
        for name in metric.split("."):
            value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value


def metrics_of(listed: Iterable[Run]) -> list[str]:
    """Names of numeric results, the ones people look at first in front."""
    counted: Counter[str] = Counter()
    for run in listed:
        for leaf in leaves(runs.summary_of(run)):
            if leaf.is_number and not leaf.key.startswith("_"):
                counted[leaf.key] += 1
    return sorted(counted, key=lambda name: (-_weight(name), -counted[name], len(name), name))[:OFFERED]


def _weight(name: str) -> int:
    """Validation before training, a loss or score before everything else."""
    lower = name.lower()
    is_validation = any(word in lower for word in ("val", "eval", "test"))
    is_loss = "loss" in lower
    is_score = any(word in lower for word in ("acc", "top1", "f1", "auc", "score", "reward"))
    return 4 * (is_loss or is_score) + 2 * is_validation + is_loss


def _seconds(when: datetime | None) -> float | None:
    return None if when is None else when.timestamp()
