"""Figures for the browser, and which metrics there are to draw."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from teams.auth import AskedRequest
from teams.permissions import visible
from tracking import history, runs
from tracking.models import Run
from tracking.scope import find_project

MOST_RUNS = 100  # of one chart or one list of metrics
TIME_KEYS = frozenset({"_step", "_timestamp", "_runtime"})


@require_safe
def metrics(request: AskedRequest, team: str, project: str) -> HttpResponse:
    """`?runs=` (a run query) → `{"history": [[name, runs, points], …], "system": […]}`, numeric metrics by name."""
    found = find_project(request.principal, team, project)
    everything = visible(Run.objects.all(), request.principal).filter(project=found)
    try:
        asked = runs.find(everything, request.GET.get("runs", ""), limit=MOST_RUNS)
    except runs.RunQueryError as problem:
        return JsonResponse({"error": str(problem), "field": "runs"}, status=400)
    return JsonResponse({stream: _named(asked, stream) for stream in (history.HISTORY, history.SYSTEM)})


def _named(asked: Sequence[Run], stream: history.Stream) -> list[tuple[str, int, int]]:
    counted: dict[str, tuple[int, int]] = {}
    for run in asked:
        for name, info in history.keys(run.pk, stream).items():
            if info.kind == "number" and name not in TIME_KEYS:
                among, points = counted.get(name, (0, 0))
                counted[name] = (among + 1, points + info.count)
    return [(name, *counted[name]) for name in sorted(counted)]


@require_safe
def figure(request: AskedRequest, team: str, project: str) -> HttpResponse:
    find_project(request.principal, team, project)
    return HttpResponse(status=400)
