"""Reading a report: its newest edition, an older one, or the draft as it would look."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from reports import reading, shelf
from reports.addresses import address
from reports.addresses import slug as slug_of
from reports.models import Edition, Report
from reports.scope import find_edition, find_report, newest_edition, role_to_delete
from teams.auth import AskedRequest
from teams.models import Role
from tracking.scope import may


@require_safe
def report(request: AskedRequest, team: str, project: str, slug: str, key: str) -> HttpResponse:
    found = find_report(request.principal, team, project, key)
    newest = newest_edition(request.principal, found)
    title = newest.title if newest else found.title
    if slug != slug_of(title):
        return redirect(address("report", found, title))
    if newest is None:
        return _draft_page(request, found, None)
    return _edition_page(request, found, newest, newest)


@require_safe
def edition(request: AskedRequest, team: str, project: str, slug: str, key: str, edition: int) -> HttpResponse:
    found = find_report(request.principal, team, project, key)
    shown = find_edition(request.principal, found, edition)
    newest = newest_edition(request.principal, found)
    return _edition_page(request, found, shown, newest)


@require_safe
def draft(request: AskedRequest, team: str, project: str, slug: str, key: str) -> HttpResponse:
    found = find_report(request.principal, team, project, key, Role.MEMBER)
    return _draft_page(request, found, newest_edition(request.principal, found))


def _edition_page(request: AskedRequest, report: Report, shown: Edition, newest: Edition | None) -> HttpResponse:
    shown.report = report  # with its project and team, for addresses
    context = _context(request, report, newest) | {
        "title": shown.title,
        "edition": shown,
        "page": reading.edition_page(shown),
        "authors": shelf.authors(report, shown),
        "run_count": reading.run_count(shown),
        "pictures": reading.progress(shown),
        "editions": report.editions.order_by("-number").values("number", "published_at"),
        "has_changes": newest is None or (newest.title, newest.text) != (report.title, report.draft),
    }
    return render(request, "reports/report.html", context)


def _draft_page(request: AskedRequest, report: Report, newest: Edition | None) -> HttpResponse:
    context = _context(request, report, newest) | {
        "title": report.title,
        "page": reading.draft_page(report.project, report.draft),
        "authors": shelf.authors(report, newest),
        "has_changes": True,
    }
    return render(request, "reports/report.html", context)


def _context(request: AskedRequest, report: Report, newest: Edition | None) -> dict[str, Any]:
    return {
        "project": report.project,
        "report": report,
        "newest": newest,
        "theme": request.user.theme if request.user.is_authenticated else "",
        "may_edit": may(request.principal, report, Role.MEMBER),
        "may_delete": may(request.principal, report, role_to_delete(request.principal, report)),
    }
