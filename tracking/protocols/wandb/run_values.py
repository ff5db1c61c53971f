"""A run's values by the names that the public API's filters and orders use: `config.lr`, `summary_metrics.loss`, …"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tracking import wire
from tracking.models import Run

MISSING: Any = object()


class RunValues:
    """`values[name]` is the run's value, MISSING where it has none. Raises ValidationError for an unknown name."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def __getitem__(self, name: str) -> Any:
        section, dot, key = name.partition(".")
        if dot and section == "config":
            return _below(self._config, key.removesuffix(".value").replace(".value.", ".", 1))
        if dot and section in {"summary_metrics", "summaryMetrics", "summary"}:
            return _below(self._summary, key.removesuffix(".value"))
        if name not in COLUMNS:
            known = ", ".join(sorted(COLUMNS))
            message = _("A run has no “%(name)s”; use config.…, summary_metrics.… or one of %(known)s.")
            raise ValidationError({"filters": message % {"name": name[:100], "known": known}})
        return COLUMNS[name](self.run)

    @cached_property
    def _config(self) -> dict[str, Any]:
        wrapped = _object(self.run.config)
        return {key: _unwrapped(value) for key, value in wrapped.items()}

    @cached_property
    def _summary(self) -> dict[str, Any]:
        return _object(self.run.summary)


def comparable(value: Any) -> tuple[str, Any]:
    """(kind, value) so that only what is alike is compared: numbers, texts, times; anything else by itself."""
    if isinstance(value, int | float) and not (isinstance(value, float) and math.isnan(value)):
        return "number", value
    if isinstance(value, datetime):
        return "time", value
    if isinstance(value, str):
        moment = _moment(value)
        return ("text", value) if moment is None else ("time", moment)
    return "other", value


def _moment(text: str) -> datetime | None:
    if len(text) < 10 or text[4:5] != "-":
        return None
    try:
        found = parse_datetime(text) or datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _object(text: str) -> dict[str, Any]:
    parsed = wire.loads(text or "{}")
    return parsed if isinstance(parsed, dict) else {}


def _unwrapped(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and "value" in value else value


def _below(values: Any, key: str) -> Any:
    """`a.b` as the key "a.b" if there is one, else as b inside a."""
    if not isinstance(values, dict):
        return MISSING
    if key in values:
        return values[key]
    first, dot, rest = key.partition(".")
    return _below(values[first], rest) if dot and first in values else MISSING


def _seconds(run: Run) -> float:
    return ((run.ended_at or run.heartbeat_at) - run.created_at).total_seconds()


COLUMNS: dict[str, Callable[[Run], Any]] = {
    "name": lambda run: run.name,
    "display_name": lambda run: run.display_name,
    "displayName": lambda run: run.display_name,
    "state": lambda run: run.state,
    "tags": lambda run: list(run.tags),
    "group": lambda run: run.group or None,
    "job_type": lambda run: run.job_type or None,
    "jobType": lambda run: run.job_type or None,
    "sweep": lambda run: run.sweep_name or None,
    "notes": lambda run: run.notes or None,
    "description": lambda run: run.notes or None,
    "commit": lambda run: run.commit or None,
    "host": lambda run: run.host or None,
    "user": lambda run: run.user.username if run.user else None,
    "username": lambda run: run.user.username if run.user else None,
    "created_at": lambda run: run.created_at,
    "createdAt": lambda run: run.created_at,
    "updated_at": lambda run: run.changed_at,
    "updatedAt": lambda run: run.changed_at,
    "heartbeat_at": lambda run: run.heartbeat_at,
    "heartbeatAt": lambda run: run.heartbeat_at,
    "duration": _seconds,
}
