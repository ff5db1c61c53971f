"""What a report said before: its editions, what changed between them, and drafts that lost."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reports import changes as text_changes
from reports import editing, shelf
from reports.addresses import address
from reports.editing import StaleDraft
from reports.models import Report
from reports.scope import find_copy, find_edition, find_report, role_to_delete
from teams.auth import AskedRequest
from teams.models import Role
from tracking.scope import may, person


@require_safe
def history(request: AskedRequest, team: str, project: str, slug: str, key: str) -> HttpResponse:
    report = find_report(request.principal, team, project, key)
    may_edit = may(request.principal, report, Role.MEMBER)
    context = {
        "project": report.project,
        "report": report,
        "title": shelf.shown_title(report),
        "editions": report.editions.select_related("published_by").order_by("-number").defer("text"),
        "copies": report.draft_copies.select_related("written_by").order_by("-kept_at") if may_edit else [],
        "may_edit": may_edit,
        "may_delete": may(request.principal, report, role_to_delete(request.principal, report)),
    }
    return render(request, "reports/history.html", context)


@require_safe
def changes(request: AskedRequest, team: str, project: str, slug: str, key: str, edition: int) -> HttpResponse:
    """The edition's text beside the one before it."""
    report = find_report(request.principal, team, project, key)
    after = find_edition(request.principal, report, edition)
    before = find_edition(request.principal, report, edition - 1) if edition > 1 else None
    lines = text_changes.between(before.text if before else "", after.text)
    context = {
        "project": report.project,
        "report": report,
        "title": after.title,
        "before": before,
        "after": after,
        "lines": lines,
    }
    return render(request, "reports/changes.html", context)


@require_safe
def copy(request: AskedRequest, team: str, project: str, slug: str, key: str, copy: int) -> HttpResponse:
    """A draft that lost, beside the present one."""
    report = find_report(request.principal, team, project, key, Role.MEMBER)
    kept = find_copy(request.principal, report, copy)
    lines = text_changes.between(report.draft, kept.text)
    context = {"project": report.project, "report": report, "title": kept.title, "copy": kept, "lines": lines}
    return render(request, "reports/changes.html", context)


@require_POST
def restore_edition(request: AskedRequest, team: str, project: str, slug: str, key: str, edition: int) -> HttpResponse:
    report = find_report(request.principal, team, project, key, Role.MEMBER)
    found = find_edition(request.principal, report, edition)
    try:
        editing.restore_edition(edition=found, user=person(request.principal))
    except StaleDraft:
        return _somebody_is_writing(request, report)
    done = _("The text of edition %(number)d is the draft now. The draft it replaced is kept in the history.")
    messages.success(request, done % {"number": found.number})
    return redirect(address("edit-report", report))


@require_POST
def restore_copy(request: AskedRequest, team: str, project: str, slug: str, key: str, copy: int) -> HttpResponse:
    report = find_report(request.principal, team, project, key, Role.MEMBER)
    kept = find_copy(request.principal, report, copy)
    try:
        editing.restore_copy(copy=kept, user=person(request.principal))
    except StaleDraft:
        return _somebody_is_writing(request, report)
    messages.success(request, _("The copy is the draft now. The draft it replaced is kept in the history."))
    return redirect(address("edit-report", report))


def _somebody_is_writing(request: AskedRequest, report: Report) -> HttpResponse:
    messages.warning(request, _("The draft was changed at this very moment. Try again."))
    return redirect(address("report-history", report))
