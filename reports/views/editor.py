"""Writing a report. One address for people without JavaScript (a form) and for the editor's autosave (JSON answers)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reports import changes, document, editing, reading, starter
from reports.addresses import address
from reports.editing import StaleDraft
from reports.forms import DraftForm
from reports.models import Report
from reports.scope import find_report, newest_edition
from teams.auth import AskedRequest
from teams.models import Role
from tracking.scope import find_project, person


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AskedRequest, team: str, project: str, slug: str, key: str) -> HttpResponse:
    report = find_report(request.principal, team, project, key, Role.MEMBER)
    if request.method != "POST":
        return _page(request, report, DraftForm(), report.draft_version)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _refused(request, report, form)
    verb = editing.replace_draft if "replace" in request.POST else editing.save_draft
    try:
        version = verb(report=report, user=person(request.principal), **form.cleaned_data)
    except ValidationError as problem:
        form.refuse(problem)
        return _refused(request, report, form)
    except StaleDraft as stale:
        return _conflict(request, stale.report, form)
    return _saved(request, report, version)


@require_POST
def preview(request: AskedRequest, team: str, project: str) -> HttpResponse:
    """The posted `text` as readers would see it: `{"html": …}`."""
    found = find_project(request.principal, team, project, Role.MEMBER)
    text = request.POST.get("text", "")
    if document.byte_size(text) > document.MAX_BYTES:
        return JsonResponse({"error": _("The text is larger than 1 MB. Split the report in two.")}, status=400)
    return JsonResponse({"html": reading.draft_page(found, text).html})


def _saved(request: AskedRequest, report: Report, version: int) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"version": version})
    if "preview" in request.POST:
        return redirect(address("report-draft", report))
    if "publish" in request.POST:
        return redirect(address("publish-report", report))
    messages.success(request, _("Saved."))
    return redirect(address("edit-report", report))


def _refused(request: AskedRequest, report: Report, form: DraftForm) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"errors": form.errors}, status=400)
    version = request.POST.get("version", "")
    return _page(request, report, form, int(version) if version.isdecimal() else report.draft_version, status=400)


def _conflict(request: AskedRequest, report: Report, form: DraftForm) -> HttpResponse:
    """Both texts side by side; neither is lost whatever is chosen."""
    who = str(report.draft_by or _("Somebody"))
    if _wants_json(request):
        error = _("%(who)s saved this report meanwhile. Your text is kept.") % {"who": who}
        return JsonResponse({"error": error, "version": report.draft_version}, status=409)
    mine = form.cleaned_data
    context = {
        "project": report.project,
        "report": report,
        "who": who,
        "mine": mine,
        "lines": changes.between(report.draft, mine["text"]),
    }
    return render(request, "reports/conflict.html", context, status=409)


def _page(request: AskedRequest, report: Report, form: DraftForm, version: int, status: int = 200) -> HttpResponse:
    place = {"team": report.project.team.name, "project": report.project.name}
    context: dict[str, Any] = {
        "project": report.project,
        "report": report,
        "newest": newest_edition(request.principal, report),
        "form": form,
        "title": form.data.get("title", report.title),
        "text": form.data.get("text", report.draft),
        "version": version,
        "preview_url": reverse("report-preview", kwargs=place),
        "metrics": starter.metrics_of(report.project, request.principal),
    }
    return render(request, "reports/edit.html", context, status=status)


def _wants_json(request: AskedRequest) -> bool:
    return request.accepts("application/json") and not request.accepts("text/html")
