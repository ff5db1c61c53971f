"""The runs of a project as a table: which columns, in which order, one page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict

from tracking import runs
from tracking.columns import LOOKED_AT, metrics_of
from tracking.models import Run
from tracking.overview import Value, leaves
from tracking.query.tokens import quote

A_PAGE = 100  # runs
MOST_RUNS = 5000  # that a table pages through; a filter finds the others
MOST_COLUMNS = 30
SETTINGS, RESULTS = "config", "summary"


@dataclass(frozen=True)
class Asked:
    """What the address asks for. A column is "config.lr" or "summary.val/loss"; `sort` a column, "-" for falling."""

    filter: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    page: str = "1"

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        wanted = dict.fromkeys(name for name in query.getlist("column") if name.partition(".")[2])
        columns = tuple(wanted)[:MOST_COLUMNS]
        return cls(query.get("filter", ""), query.get("sort", ""), columns, query.get("page", "1"))

    def address(self, **changes: Any) -> str:
        asked = replace(self, **changes)
        pairs = [("filter", asked.filter), ("sort", asked.sort), ("page", asked.page if asked.page != "1" else "")]
        return "?" + urlencode([pair for pair in pairs if pair[1]] + [("column", name) for name in asked.columns])


@dataclass(frozen=True)
class Column:
    """A heading; `address` sorts by it, or the other way round when it is sorted by already."""

    name: str
    source: str  # "config", "summary" or "" for the run's own columns
    key: str
    address: str
    sorted: str  # "ascending", "descending" or "none", as aria-sort wants it


@dataclass(frozen=True)
class Row:
    run: Run
    cells: tuple[Value | None, ...]


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]  # the chosen ones
    name: Column
    created: Column
    rows: tuple[Row, ...]
    page: Page[Run]
    total: int
    matching: int
    settings: tuple[str, ...]  # column names on offer
    results: tuple[str, ...]
    newer: str  # address of the page before this one, "" for none
    older: str


def page(everything: QuerySet[Run], asked: Asked) -> Table:
    """Raises RunQueryError when the filter or the sort cannot be understood."""
    sample = list(everything.order_by("-number")[:LOOKED_AT])
    settings = tuple(f"{SETTINGS}.{key}" for key in sorted({leaf.key for run in sample for leaf in _settings(run)}))
    results = tuple(f"{RESULTS}.{name}" for name in metrics_of(sample))
    chosen = asked.columns or (*_telling(sample), *results[:4])
    selected = runs.select(everything, _query(asked), limit=MOST_RUNS)
    current = Paginator(selected.runs, A_PAGE).get_page(asked.page)
    return Table(
        columns=tuple(_column(name, asked) for name in chosen),
        name=_column("name", asked),
        created=_column("created", asked),
        rows=tuple(Row(run, _cells(run, chosen)) for run in current),
        page=current,
        total=selected.total,
        matching=selected.matching,
        settings=settings,
        results=results,
        newer=asked.address(page=str(current.number - 1)) if current.has_previous() else "",
        older=asked.address(page=str(current.number + 1)) if current.has_next() else "",
    )


def _query(asked: Asked) -> str:
    if not asked.sort:
        return asked.filter
    source, dot, key = asked.sort.lstrip("-").partition(".")
    direction = "desc" if asked.sort.startswith("-") else "asc"
    return f"{asked.filter} order by {source}{dot}{quote(key) if dot else ''} {direction}"


def _telling(sample: Sequence[Run]) -> tuple[str, ...]:
    """The settings in which the newest runs differ: the ones worth a column unasked."""
    return tuple(f"{SETTINGS}.{difference.key}" for difference in runs.differences(sample)[:5])


def _settings(run: Run) -> list[Value]:
    return list(leaves(runs.config_of(run)))


def _column(name: str, asked: Asked) -> Column:
    source, dot, key = name.partition(".")
    falling = asked.sort == f"-{name}"
    rising = asked.sort == name
    address = asked.address(sort=name if falling else f"-{name}", page="1")
    state = "descending" if falling else "ascending" if rising else "none"
    return Column(name, source if dot else "", key if dot else name, address, state)


def _cells(run: Run, chosen: Sequence[str]) -> tuple[Value | None, ...]:
    documents: Mapping[str, dict[str, Value]] = {
        SETTINGS: {leaf.key: leaf for leaf in leaves(runs.config_of(run))},
        RESULTS: {leaf.key: leaf for leaf in leaves(runs.summary_of(run))},
    }
    return tuple(documents.get(name.partition(".")[0], {}).get(name.partition(".")[2]) for name in chosen)
