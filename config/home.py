"""The first page: every project the principal may see, team by team, with what its last run is doing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from teams.auth import AskedRequest
from teams.models import Role, Team
from teams.permissions import Principal, may, visible
from tracking.models import Project, Run


@dataclass(frozen=True)
class Line:
    project: Project
    last_run: Run | None
    run_count: int
    running_count: int


@dataclass(frozen=True)
class Shelf:
    """A team and its projects, the most recently active first."""

    team: Team
    lines: list[Line]
    may_create: bool


@require_safe
def home(request: AskedRequest) -> HttpResponse:
    shelves = _shelves(request.principal)
    context = {
        "active": "home",
        "shelves": shelves,
        "is_empty": not any(shelf.lines for shelf in shelves),
        "personal_team": next((shelf.team for shelf in shelves if shelf.team.is_personal), None),
    }
    return render(request, "home.html", context)


def _shelves(principal: Principal) -> list[Shelf]:
    lines: dict[int, list[Line]] = {}
    for line in _lines(principal):
        lines.setdefault(line.project.team_id, []).append(line)
    teams = visible(Team.objects.all(), principal)
    shelves = [Shelf(team, lines.get(team.pk, []), may(principal, team, Role.MEMBER)) for team in teams]
    # Teams at work first: their newest run decides; then by name.
    return sorted(shelves, key=lambda shelf: (-_newest(shelf.lines), str(shelf.team).lower()))


def _lines(principal: Principal) -> list[Line]:
    runs = visible(Run.objects.all(), principal)
    counted = runs.values("project_id").annotate(
        count=Count("id"), running=Count("id", filter=Q(state=Run.State.RUNNING)), newest=Max("id")
    )
    tallies = {row["project_id"]: (row["count"], row["running"], row["newest"]) for row in counted}
    last_runs = runs.in_bulk([newest for _count, _running, newest in tallies.values()])
    lines = []
    for project in visible(Project.objects.all(), principal):
        count, running, newest = tallies.get(project.pk, (0, 0, 0))
        lines.append(Line(project, last_runs.get(newest), count, running))
    return sorted(lines, key=lambda line: (-_newest([line]), line.project.name.lower()))


def _newest(lines: list[Line]) -> float:
    return max((line.last_run.changed_at.timestamp() for line in lines if line.last_run), default=0.0)
