"""Figures for the browser, and which metrics there are to draw."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from teams.auth import AskedRequest
from teams.permissions import visible
from tracking import history, runs
from tracking.charts import browser, spec, view
from tracking.charts.build import MAX_GROUPED_RUNS, build
from tracking.models import Run
from tracking.scope import find_project

MOST_RUNS = spec.MAX_CURVES  # of one list of metrics
TIME_KEYS = frozenset({"_step", "_timestamp", "_runtime"})


@require_safe
def figure(request: AskedRequest, team: str, project: str) -> HttpResponse:
    """`?metric=&metric=&runs=…` as in tracking/charts/spec.py, and `start`, `stop`, `width`: see charts/browser.py.

    A repeated question is answered 304 until one of its runs moves. What cannot be drawn is answered 400 as JSON with
    `error` and the `field` at fault.
    """
    everything = _runs_of(request, team, project)
    try:
        asked, looked_at = spec.from_query(request.GET), view.from_query(request.GET)
        version = _version(request, runs.find(everything, asked.runs, limit=MAX_GROUPED_RUNS))
        if request.headers.get("If-None-Match") == version:
            return _private(HttpResponseNotModified(), version)
        drawn = build(asked, everything, width=looked_at.width, start=looked_at.start, stop=looked_at.stop)
    except spec.SpecError as problem:
        return JsonResponse({"error": str(problem), "field": problem.field}, status=400)
    return _private(HttpResponse(browser.encode(drawn), content_type=browser.MEDIA_TYPE), version)


@require_safe
def metrics(request: AskedRequest, team: str, project: str) -> HttpResponse:
    """`?runs=` (a run query) → `{"history": [[name, runs, points], …], "system": […]}`, numeric metrics by name."""
    everything = _runs_of(request, team, project)
    try:
        asked = runs.find(everything, request.GET.get("runs", ""), limit=MOST_RUNS)
    except runs.RunQueryError as problem:
        return JsonResponse({"error": str(problem), "field": "runs"}, status=400)
    return JsonResponse({stream: _named(asked, stream) for stream in (history.HISTORY, history.SYSTEM)})


def _runs_of(request: AskedRequest, team: str, project: str) -> QuerySet[Run]:
    found = find_project(request.principal, team, project)
    return visible(Run.objects.all(), request.principal).filter(project=found)


def _version(request: AskedRequest, asked: Sequence[Run]) -> str:
    """Moves when a run does, when others match, and with the language of titles and notes."""
    moved = ",".join(f"{run.pk}.{run.revision}" for run in asked)
    told = f"{request.META['QUERY_STRING']}\n{get_language()}\n{moved}"
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _private(response: HttpResponse, version: str) -> HttpResponse:
    response.headers["ETag"] = version
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _named(asked: Sequence[Run], stream: history.Stream) -> list[tuple[str, int, int]]:
    counted: dict[str, tuple[int, int]] = {}
    for run in asked:
        for name, info in history.keys(run.pk, stream).items():
            if info.kind == "number" and name not in TIME_KEYS:
                among, points = counted.get(name, (0, 0))
                counted[name] = (among + 1, points + info.count)
    return [(name, *counted[name]) for name in sorted(counted)]
