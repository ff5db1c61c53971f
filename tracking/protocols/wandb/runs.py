"""Runs as the client reads them: the fields of one, and lists with filter, order and pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from graphql import GraphQLResolveInfo

from teams.models import Role
from teams.permissions import may
from teams.protocols import ids
from tracking import wire
from tracking.models import Project, Run
from tracking.protocols.wandb import filters as language
from tracking.protocols.wandb import run_order
from tracking.protocols.wandb.access import principal_of
from tracking.protocols.wandb.paging import connection, size_of
from tracking.protocols.wandb.run_values import RunValues


def page(
    project: Project,
    *,
    filters: str | None = None,
    order: str | None = None,
    after: str | None = None,
    first: int | None = None,
) -> dict[str, Any]:
    """One page of the project's runs. Raises ValidationError naming what cannot be used."""
    predicate, wanted, size = language.parse(filters), run_order.Order(order), size_of(first)
    cursor = run_order.decode(after) if after else None
    if predicate is None and wanted.is_by_creation:
        nodes = _by_number(project, wanted, cursor, size + 1)
    else:
        nodes = _by_value(project, predicate, wanted, cursor)[: size + 1]
    return connection(nodes, size, lambda run: run_order.encode(wanted.place(RunValues(run))))


def count(project: Project, filters: str | None) -> int:
    predicate = language.parse(filters)
    if predicate is None:
        return project.runs.count()
    return sum(predicate(RunValues(run)) for run in _of(project))


def _by_number(project: Project, wanted: run_order.Order, cursor: run_order.Place | None, limit: int) -> list[Run]:
    """Runs are numbered in the order of their creation, so the database can do this page alone."""
    runs = _of(project).order_by("-number" if wanted.is_descending else "number")
    if cursor is not None:
        number = cursor[-1]
        runs = runs.filter(number__lt=number) if wanted.is_descending else runs.filter(number__gt=number)
    return list(runs[:limit])


def _by_value(
    project: Project,
    predicate: language.Predicate | None,
    wanted: run_order.Order,
    cursor: run_order.Place | None,
) -> list[Run]:
    every = [RunValues(run) for run in _of(project)]
    matching = [values for values in every if predicate is None or predicate(values)]
    placed = wanted.sorted([(wanted.place(values), values.run) for values in matching])
    return [run for place, run in placed if cursor is None or wanted.is_after(place, cursor)]


def _of(project: Project) -> QuerySet[Run]:
    return Run.objects.select_related("project__team", "user").filter(project=project)


def _wandb_config(run: Run, _info: GraphQLResolveInfo, *, keys: list[str] | None = None) -> str:
    """The client's own part of the config; that `t` is in it says that the run has really started."""
    config = wire.loads(run.config or "{}")
    own = (config.get("_wandb") or {}).get("value") or {}
    return wire.dumps({key: value for key, value in own.items() if keys is None or key in keys})


RUN: dict[str, Any] = {
    "id": lambda run, _info: ids.encode("Run", run.pk),
    "description": lambda run, _info: None,
    "exitcode": lambda run, _info: run.exit_code,
    "stopped": lambda run, _info: run.stop_requested,
    "summaryMetrics": lambda run, _info: run.summary,
    "wandbConfig": _wandb_config,
    "group": lambda run, _info: run.group or None,
    "jobType": lambda run, _info: run.job_type or None,
    "sweepName": lambda run, _info: run.sweep_name or None,
    "repo": lambda run, _info: run.repository or None,
    "readOnly": lambda run, info: not may(principal_of(info), run, Role.MEMBER),
    "updatedAt": lambda run, _info: run.changed_at,
}
