"""Conditions on a run's columns, as SQL."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from difflib import get_close_matches
from functools import reduce

from django.db.models import BooleanField, Func, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from tracking.models import Run
from tracking.query.tokens import RunQueryError
from tracking.query.tree import Comparison, Literal, Named, Search

PATHS = {
    "name": "display_name",
    "id": "name",
    "state": "state",
    "group": "group",
    "job_type": "job_type",
    "sweep": "sweep_name",
    "user": "user__username",
    "created": "created_at",
    "notes": "notes",
    "host": "host",
}
_LOOKUPS = {"=": "exact", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "~": "icontains"}
_AGO = re.compile(r"-(\d{1,4})(m|h|d|w)\Z")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class HasTag(Func):
    """Whether a run has a tag: HasTag("tags", Value(tag))."""

    output_field = BooleanField()
    function = "json_each"  # SQLite
    template = "EXISTS (SELECT 1 FROM %(function)s(%(expressions)s)"
    arg_joiner = ") AS tag WHERE tag.value = "

    def as_postgresql(self, compiler, connection, **extra):  # type: ignore[no-untyped-def]
        return self.as_sql(compiler, connection, function="jsonb_array_elements_text", **extra)


class HasTagLike(HasTag):
    """Whether a run has a tag like a pattern of % and _ in lower case."""

    template = "EXISTS (SELECT 1 FROM %(function)s(%(expressions)s ESCAPE '\\')"
    arg_joiner = ") AS tag WHERE LOWER(tag.value) LIKE "


def named(names: Named) -> Q:
    return Q(name__in=names.names) | Q(display_name__in=names.names)


def search(search: Search) -> Q:
    return Q(display_name__icontains=search.word) | Q(name=search.word)


def condition(comparison: Comparison) -> Q:
    """A condition that is true or false for every run, never unknown. Raises RunQueryError for a wrong value."""
    column = comparison.field.key
    if comparison.operator == "exists":
        return _is_set(column)
    if comparison.operator == "!=":
        return ~_one(column, "=", comparison.values[0])
    if comparison.operator == "in":
        return reduce(operator.or_, (_one(column, "=", value) for value in comparison.values))
    return _one(column, comparison.operator, comparison.values[0])


def _is_set(column: str) -> Q:
    if column == "tags":
        return ~Q(tags=[])
    if column in {"user", "created"}:
        return Q(**{f"{PATHS[column]}__isnull": False})
    return ~Q(**{PATHS[column]: ""})


def _one(column: str, compare: str, value: Literal) -> Q:
    special = _SPECIAL.get(column)
    return special(compare, value) if special else Q(**{f"{PATHS[column]}__{_LOOKUPS[compare]}": value.text})


def _tags(compare: str, value: Literal) -> Q:
    if compare == "=":
        return Q(HasTag("tags", Value(value.text)))
    if compare == "~":
        escaped = re.sub(r"([\\%_])", r"\\\1", value.text)
        return Q(HasTagLike("tags", Lower(Value(f"%{escaped}%"))))
    raise RunQueryError(value.position, _("Tags have no order. Write tags = %(tag)s.") % {"tag": value.text})


def _state(compare: str, value: Literal) -> Q:
    state = value.text.lower()
    if compare == "=" and state not in Run.State.values:
        close = get_close_matches(state, Run.State.values, n=1)
        hint = (
            _("Did you mean “%(state)s”?") % {"state": close[0]}
            if close
            else _("Write one of %(states)s.") % {"states": ", ".join(Run.State.values)}
        )
        raise RunQueryError(value.position, _("No run is ever “%(state)s”.") % {"state": value.text} + " " + hint)
    return Q(**{f"state__{_LOOKUPS[compare]}": state})


def _created(compare: str, value: Literal) -> Q:
    if compare == "~":
        raise RunQueryError(value.position, _("Compare a time with <, <=, =, >= or >, for example created > -7d."))
    start, end = _period(value)
    if compare == "=":
        return Q(created_at__gte=start, created_at__lt=end)
    lookup, moment = {"<": ("lt", start), "<=": ("lt", end), ">": ("gte", end), ">=": ("gte", start)}[compare]
    return Q(**{f"created_at__{lookup}": moment})


def _period(value: Literal) -> tuple[datetime, datetime]:
    """From (included) to (excluded): a date is its whole day, a point in time its second."""
    if ago := _AGO.match(value.text):
        start = timezone.now() - int(ago[1]) * _UNITS[ago[2]]
        return start, start + timedelta(seconds=1)
    try:
        if date := parse_date(value.text):
            start = timezone.make_aware(datetime.combine(date, time.min))
            return start, start + timedelta(days=1)
        if moment := parse_datetime(value.text):
            start = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
            return start, start + timedelta(seconds=1)
    except (ValueError, OverflowError):
        pass  # 2026-02-31 has the right shape; the message below fits it as well
    raise RunQueryError(
        value.position,
        _("“%(value)s” is no time. Write a date like 2026-11-20, or -7d for seven days ago (m, h, d, w).")
        % {"value": value.text},
    )


_SPECIAL: dict[str, Callable[[str, Literal], Q]] = {"tags": _tags, "state": _state, "created": _created}
