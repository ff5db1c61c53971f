"""A project's workspace, where its runs lie over each other, and the same runs as columns and as a table."""

from __future__ import annotations

from typing import Any

import orjson
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from teams.auth import AskedRequest
from teams.models import Role
from teams.permissions import visible
from tracking import columns, runs, table
from tracking.models import Project, Run
from tracking.scope import find_project, may

MOST_RUNS = 5000  # of one list; a filter finds the others


@require_safe
def workspace(request: AskedRequest, team: str, project: str) -> HttpResponse:
    """Charts of the project's runs, or how to log the first one."""
    found = find_project(request.principal, team, project)
    existing = _runs_of(request, found)
    context = {
        "project": found,
        "run_count": existing.count(),
        "running_count": existing.filter(state=Run.State.RUNNING).count(),
        "may_log": may(request.principal, found, Role.MEMBER),
        "site_url": settings.SITE_URL,
        "active": "workspace",
    }
    return render(request, "tracking/workspace.html" if context["run_count"] else "tracking/first_run.html", context)


@require_safe
def list_columns(request: AskedRequest, team: str, project: str) -> HttpResponse:
    """`?filter=` (a run query), `?metric=` (whose result to list) and `?only=ID,ID` (just these, if they match).

    JSON: `total` runs of the project, `matching` the filter, `metrics` on offer, the `metric` listed and `columns`.
    A filter that cannot be understood is answered 400 with `error` and `field`.
    """
    found = find_project(request.principal, team, project)
    everything = _runs_of(request, found)
    only = [name for name in request.GET.get("only", "").split(",") if name]
    searched = everything.filter(name__in=only) if only else everything
    try:
        selected = runs.select(searched, request.GET.get("filter", ""), limit=MOST_RUNS)
    except runs.RunQueryError as problem:
        return _json({"error": str(problem), "field": "filter", "position": problem.position}, status=400)
    offered = [] if only else columns.metrics_of(everything.order_by("-number")[: columns.LOOKED_AT])
    metric = request.GET.get("metric", "") or next(iter(offered), "")
    listed = columns.columns(selected.runs, metric)
    answer = {"matching": selected.matching, "metrics": offered, "metric": metric, "columns": listed}
    return _json({**answer, "total": everything.count() if only else selected.total})


@require_safe
def run_table(request: AskedRequest, team: str, project: str) -> HttpResponse:
    """Runs line by line, with the settings and results somebody chose as columns."""
    found = find_project(request.principal, team, project)
    everything = _runs_of(request, found)
    asked = table.Asked.of(request.GET)
    error = ""
    try:
        shown = table.page(everything, asked)
    except runs.RunQueryError as problem:
        error = str(problem)
        shown = table.page(everything, table.Asked(columns=asked.columns))
    context = {
        "project": found,
        "asked": asked,
        "table": shown,
        "chosen": {column.name for column in shown.columns},
        "unfiltered": asked.address(filter="", page="1"),
        "error": error,
        "active": "runs",
    }
    return render(request, "tracking/runs.html", context, status=400 if error else 200)


def _runs_of(request: AskedRequest, project: Project) -> Any:
    return visible(Run.objects.select_related("user"), request.principal).filter(project=project)


def _json(answer: dict[str, Any], status: int = 200) -> HttpResponse:
    """orjson writes NaN as null, which a browser can read; the standard library writes it as NaN, which it cannot."""
    body = orjson.dumps(answer)
    headers = {"Cache-Control": "private, no-cache"}
    return HttpResponse(body, content_type="application/json", status=status, headers=headers)
