"""Find, order and compare runs; reads only. The query language is described in tracking/query/syntax.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from tracking.models import Run
from tracking.query import columns, documents, syntax
from tracking.query.evaluate import Selection
from tracking.query.evaluate import select as evaluate
from tracking.query.tokens import RunQueryError, quote

__all__ = [
    "Difference",
    "RunQueryError",
    "Selection",
    "check",
    "config_of",
    "differences",
    "find",
    "limit_in",
    "listing",
    "select",
    "summary_of",
    "text_of",
]


@dataclass(frozen=True)
class Difference:
    """One config key, nested ones as a.b.c, and its value in each run; None where a run does not have it."""

    key: str
    values: tuple[Any, ...]


def find(queryset: QuerySet[Run], query: str, *, limit: int) -> list[Run]:
    """The runs of an already visible queryset that a query asks for; "" is all, newest first. Raises RunQueryError."""
    return select(queryset, query, limit=limit).runs


def select(queryset: QuerySet[Run], query: str, *, limit: int) -> Selection:
    """As `find`, with how many matched and how many there are: "12 of 40 runs". Raises RunQueryError."""
    return evaluate(queryset, syntax.parse(query), limit=limit)


def check(query: str) -> None:
    """Raises RunQueryError, with position and what to write, unless the query can be run."""
    evaluate(Run.objects.none(), syntax.parse(query), limit=1)


def limit_in(query: str) -> int | None:
    """The number after a query's "limit", if it has one. Raises RunQueryError."""
    return syntax.parse(query).limit


def listing(names: Sequence[str]) -> str:
    """The query for exactly these ids or names."""
    return "".join(quote(name) + ", " for name in names).rstrip()


def config_of(run: Run) -> dict[str, Any]:
    """The run's config as its script set it: unwrapped, without the client's own `_wandb`."""
    return documents.config_document(run.config)


def summary_of(run: Run) -> dict[str, Any]:
    """The run's summary, without the client's own `_wandb`."""
    return documents.summary_document(run.summary)


def text_of(run: Run, field: str) -> str | None:
    """A column (as named in queries) or `config.KEY` as text; None where the run has none."""
    if field.startswith("config."):
        found = documents.value_at(config_of(run), field.removeprefix("config."))
        return None if found is documents.MISSING else documents.as_text(found)
    value: Any = run
    for attribute in columns.PATHS[field].split("__"):
        value = getattr(value, attribute, None)
    return None if value is None or value == "" else str(value)


def differences(runs: Sequence[Run]) -> list[Difference]:
    """The config keys in which the runs differ, by name; none for fewer than two runs."""
    flat = [_flatten(config_of(run)) for run in runs]
    keys = sorted({key for config in flat for key in config})
    rows = [Difference(key, tuple(config.get(key) for config in flat)) for key in keys]
    return [row for row in rows if len({documents.as_text(value) for value in row.values}) > 1]


def _flatten(document: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in document.items():
        if isinstance(value, dict) and value:
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat
