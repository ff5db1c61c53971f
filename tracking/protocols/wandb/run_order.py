"""`order: "-summary_metrics.acc"` and pages through it.

A cursor holds the place of the last run of its page, not a count: `for run in api.runs(…): run.delete()` goes through
all of them although every page it has seen is gone.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracking.models import Run
from tracking.protocols.wandb.run_values import MISSING, RunValues, comparable

Place = list[Any]  # [is last for want of a value, kind, value, number of the run]
DEFAULT_ORDER = "+created_at"
CURSOR_KINDS: dict[str, Any] = {"": str, "text": str, "number": int | float, "time": int | float}


class Order:
    """Ascending with `+` or no sign, descending with `-`; runs without the value come last either way."""

    def __init__(self, order: str | None) -> None:
        text = order or DEFAULT_ORDER
        self.key = text.lstrip("+-")
        self.is_descending = text.startswith("-")

    @property
    def is_by_creation(self) -> bool:
        return self.key in {"created_at", "createdAt"}

    def place(self, values: RunValues) -> Place:
        run = values.run
        value = values[self.key]
        kind, comparison = comparable(value)
        if value is MISSING or value is None or kind == "other":
            return [not self.is_descending, "", "", run.number]
        if isinstance(comparison, datetime):
            comparison = comparison.timestamp()
        return [self.is_descending, kind, comparison, run.number]

    def sorted(self, places: list[tuple[Place, Run]]) -> list[tuple[Place, Run]]:
        return sorted(places, key=lambda item: item[0], reverse=self.is_descending)

    def is_after(self, place: Place, cursor: Place) -> bool:
        return place < cursor if self.is_descending else place > cursor


def encode(place: Place) -> str:
    return base64.b64encode(json.dumps(place).encode()).decode()


def decode(cursor: str) -> Place:
    """Raises ValidationError for what is no cursor of ours."""
    try:
        is_last, kind, value, number = json.loads(base64.b64decode(cursor, validate=True))
        if not isinstance(value, CURSOR_KINDS[kind]):
            raise TypeError
        return [bool(is_last), kind, value, int(number)]
    except (binascii.Error, ValueError, TypeError, KeyError):
        message = _("“%(cursor)s” is no cursor of a list of runs; start without one.")
        raise ValidationError({"after": message % {"cursor": cursor[:80]}}) from None
