"""What the command palette finds: teams, projects, runs by name and reports by title, as far as one may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from django.http import JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from reports import shelf
from reports.addresses import address
from teams.auth import AskedRequest
from teams.models import Team
from teams.permissions import Principal, visible
from tracking.models import Project, Run

HITS_PER_SOURCE = 8


@dataclass(frozen=True)
class Hit:
    """One line of the palette. `detail` says where it is, `icon` is a symbol id in static/icons.svg."""

    title: str
    detail: str
    icon: str
    url: str


def _teams(principal: Principal, text: str) -> Iterator[Hit]:
    found = visible(Team.objects.all(), principal)
    named = found.filter(name__icontains=text) | found.filter(display_name__icontains=text)
    for team in named.order_by("name")[:HITS_PER_SOURCE]:
        yield Hit(str(team), "", "people", reverse("team", args=[team.name]))


def _projects(principal: Principal, text: str) -> Iterator[Hit]:
    found = visible(Project.objects.select_related("team"), principal).filter(name__icontains=text)
    for project in found.order_by("name")[:HITS_PER_SOURCE]:
        url = reverse("workspace", args=[project.team.name, project.name])
        yield Hit(project.name, project.team.name, "chart", url)


def _runs(principal: Principal, text: str) -> Iterator[Hit]:
    found = visible(Run.objects.select_related("project__team"), principal).filter(display_name__icontains=text)
    for run in found.order_by("-id")[:HITS_PER_SOURCE]:
        url = reverse("run", args=[run.project.team.name, run.project.name, run.name])
        yield Hit(run.display_name, str(run.project), "list", url)


def _reports(principal: Principal, text: str) -> Iterator[Hit]:
    found = shelf.readable(principal).filter(shown_title__icontains=text)
    for report in found.order_by("-updated_at")[:HITS_PER_SOURCE]:
        url = address("report", report, report.shown_title)
        yield Hit(report.shown_title, str(report.project), "document", url)


SOURCES: list[Callable[[Principal, str], Iterator[Hit]]] = [_projects, _runs, _reports, _teams]


@require_safe
def search(request: AskedRequest) -> JsonResponse:
    """`?q=TEXT` → {"hits": [{title, detail, icon, url}]}; an empty text finds nothing."""
    text = request.GET.get("q", "").strip()[:200]
    hits = [hit for source in SOURCES for hit in source(request.principal, text)] if text else []
    return JsonResponse({"hits": [asdict(hit) for hit in hits]})
