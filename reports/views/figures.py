"""Figures of a report: points for the browser's charts, and pictures where no script runs."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reports import document, pictures
from reports.addresses import address
from reports.blocks import chart
from reports.models import Edition, Rendering
from reports.scope import find_edition, find_figure, find_rendering, find_report
from teams.auth import AskedRequest
from teams.models import Role
from tracking.charts import browser
from tracking.charts.spec import SpecError
from tracking.charts.view import from_query as view_of
from tracking.scope import find_project

# An edition never changes; a browser may keep what its reader was allowed to see for a day.
KEEP = "private, max-age=86400, immutable"


@require_safe
def report_figure(
    request: AskedRequest, team: str, project: str, slug: str, key: str, edition: int, number: int
) -> HttpResponse:
    shown = _edition(request, team, project, key, edition)
    content = browser.encode(find_figure(request.principal, shown, number).figure)
    return HttpResponse(content, content_type=browser.MEDIA_TYPE, headers={"Cache-Control": KEEP})


@require_safe
def report_picture(
    request: AskedRequest,
    team: str,
    project: str,
    slug: str,
    key: str,
    edition: int,
    number: int,
    theme: str,
    format: str,
) -> HttpResponseBase:
    shown = _edition(request, team, project, key, edition)
    row = find_rendering(request.principal, shown, number, format, theme)
    if row.state == Rendering.State.FAILED:
        return HttpResponse(_("This picture could not be drawn: %(error)s") % {"error": row.error}, status=404)
    content = pictures.open_picture(row) if row.state == Rendering.State.DONE else None
    if content is None:
        waiting = _("This picture is being drawn. Ask again in a moment.")
        return HttpResponse(waiting, status=503, headers={"Retry-After": "5"})
    return FileResponse(content, content_type=pictures.MEDIA_TYPES[row.format], headers={"Cache-Control": KEEP})


@require_safe
def preview_figure(request: AskedRequest, team: str, project: str) -> HttpResponse:
    """The chart whose fence holds `?source=…`, drawn from today's runs; 400 with the reason when it cannot be."""
    found = find_project(request.principal, team, project)
    fence = f"```{chart.KIND}\n{request.GET.get('source', '')}\n```"
    blocks = document.read(fence).charts
    try:
        if len(blocks) != 1:
            raise SpecError("source", _("Send the lines of one chart block."))
        figure = chart.draw(blocks[0], found, request.principal, view_of(request.GET))
    except SpecError as refused:
        return JsonResponse({"error": str(refused), "field": refused.field}, status=400)
    return HttpResponse(browser.encode(figure), content_type=browser.MEDIA_TYPE)


@require_POST
def redraw(request: AskedRequest, team: str, project: str, slug: str, key: str, edition: int) -> HttpResponse:
    """Let the edition's failed pictures wait for a worker again."""
    found = find_report(request.principal, team, project, key, Role.MEMBER)
    shown = find_edition(request.principal, found, edition)
    pictures.ask_again(shown)
    return redirect(address("report-edition", found, shown.title, edition=edition))


def _edition(request: AskedRequest, team: str, project: str, key: str, number: int) -> Edition:
    return find_edition(request.principal, find_report(request.principal, team, project, key), number)
