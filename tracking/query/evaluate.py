"""Run a query: conditions on columns in SQL, those on config and summary in Python over what SQL left."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import Any

from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When

from tracking.models import Run
from tracking.query import columns, documents
from tracking.query.tree import Both, Comparison, Either, Named, Not, Query, Search, Sort, Term

NEWEST_FIRST = ("-number", "-pk")


@dataclass(frozen=True)
class Selection:
    """`runs` in order, cut at the limit asked for; `matching` fulfil the query; `total` is what there was to search."""

    runs: list[Run]
    matching: int
    total: int


def select(queryset: QuerySet[Run], query: Query, *, limit: int) -> Selection:
    """The runs of an (already visible) queryset that a query asks for, at most `limit`."""
    in_sql, in_python = _split(query.where)
    found = queryset.filter(*in_sql).order_by(*NEWEST_FIRST)
    if in_python or any(sort.field.source != "column" for sort in query.sorts):
        keys = _ordered_in_python(found, in_python, query.sorts)
        wanted = keys[: _smaller(limit, query.limit)]
        by_key = {run.pk: run for run in queryset.filter(pk__in=wanted)}
        runs = [by_key[key] for key in wanted if key in by_key]
        matching = len(keys)
    else:
        runs = list(found.order_by(*map(_order, query.sorts), *NEWEST_FIRST)[: _smaller(limit, query.limit)])
        matching = found.count()
    return Selection(runs, _smaller(matching, query.limit), queryset.count())


def _smaller(number: int, limit: int | None) -> int:
    return number if limit is None else min(number, limit)


def _order(sort: Sort) -> Any:
    path = F(columns.PATHS[sort.field.key])
    return path.desc(nulls_last=True) if sort.is_descending else path.asc(nulls_last=True)


# -- which part of the tree is SQL ------------------------------------------------------------------------------------


def _split(where: Term | None) -> tuple[list[Q], list[Term]]:
    """The parts that must all hold: those SQL can decide, and the others."""
    parts = where.terms if isinstance(where, Both) else () if where is None else (where,)
    in_sql, in_python = [], []
    for part in parts:
        condition = _as_sql(part)
        if condition is None:
            in_python.append(part)
        else:
            in_sql.append(condition)
    return in_sql, in_python


def _as_sql(term: Term) -> Q | None:
    """None when a config or summary is involved."""
    match term:
        case Comparison():
            return columns.condition(term) if term.field.source == "column" else None
        case Search():
            return columns.search(term)
        case Named():
            return columns.named(term)
        case Not():
            inner = _as_sql(term.term)
            return None if inner is None else ~inner
        case Both() | Either():
            parts = [part for part in map(_as_sql, term.terms) if part is not None]
            if len(parts) < len(term.terms):
                return None
            return reduce(operator.and_ if isinstance(term, Both) else operator.or_, parts)


# -- what is left for Python ------------------------------------------------------------------------------------------


@dataclass
class _Row:
    """One run as the conditions see it; a document is parsed when the first condition looks into it."""

    key: int
    texts: dict[str, str]
    columns: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def config(self) -> documents.Document:
        return documents.config_document(self.texts["config"])

    @cached_property
    def summary(self) -> documents.Document:
        return documents.summary_document(self.texts["summary"])

    def document(self, source: str) -> documents.Document:
        return self.config if source == "config" else self.summary


def _ordered_in_python(found: QuerySet[Run], terms: Sequence[Term], sorts: Sequence[Sort]) -> list[int]:
    """Primary keys of the runs that fulfil all terms, in order. Holds one run's documents at a time unless it sorts."""
    flags: dict[str, Q] = {}
    tests = [_test(term, flags) for term in terms]
    conditions = {name: _flag(condition) for name, condition in flags.items()}
    paths = [columns.PATHS[sort.field.key] for sort in sorts if sort.field.source == "column"]
    names = ["pk", "config", "summary", *conditions, *paths]
    kept: list[tuple[int, list[Any]]] = []
    for values in found.annotate(**conditions).values_list(*names).iterator(chunk_size=500):
        named = dict(zip(names, values, strict=True))
        row = _Row(named["pk"], {"config": named["config"], "summary": named["summary"]}, named)
        if all(test(row) for test in tests):
            kept.append((row.key, [_sort_value(row, sort) for sort in sorts]))
    for index in reversed(range(len(sorts))):  # stable: the first sort is applied last
        there = [entry for entry in kept if entry[1][index] is not None]
        there.sort(key=lambda entry: entry[1][index], reverse=sorts[index].is_descending)
        kept = there + [entry for entry in kept if entry[1][index] is None]
    return [key for key, _values in kept]


def _test(term: Term, flags: dict[str, Q]) -> Callable[[_Row], bool]:
    """A test of one row. What SQL can decide is added to `flags` and read back from the row's columns."""
    condition = _as_sql(term)
    if condition is not None:
        name = f"condition_{len(flags)}"
        flags[name] = condition
        return lambda row: bool(row.columns[name])
    match term:
        case Comparison():
            comparison = term
            return lambda row: documents.matches(row.document(comparison.field.source), comparison)
        case Not():
            inner = _test(term.term, flags)
            return lambda row: not inner(row)
        case Both() | Either():
            tests = [_test(part, flags) for part in term.terms]
            every = all if isinstance(term, Both) else any
            return lambda row: every(test(row) for test in tests)
    raise TypeError(term)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _sort_value(row: _Row, sort: Sort) -> Any:
    if sort.field.source == "column":
        return row.columns[columns.PATHS[sort.field.key]]
    return documents.sort_key(row.document(sort.field.source), sort.field.key)
