"""Publishing a draft, after showing what it will freeze; deleting a report."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reports import changes, document, editing
from reports.addresses import address
from reports.editing import NothingNew, StaleDraft
from reports.scope import find_report, newest_edition, role_to_delete
from teams.auth import AskedRequest
from teams.models import Role
from teams.permissions import require
from tracking.scope import person


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: AskedRequest, team: str, project: str, slug: str, key: str) -> HttpResponse:
    report = find_report(request.principal, team, project, key, Role.MEMBER)
    if request.method == "POST":
        seen = request.POST.get("version", "")
        try:
            version = int(seen) if seen.isdecimal() else None
            edition = editing.publish(report=report, user=person(request.principal), version=version)
        except StaleDraft:
            messages.warning(request, _("The draft was changed meanwhile. Look at it again before you publish."))
            return redirect(address("publish-report", report))
        except NothingNew as same:
            text = _("Nothing to publish: edition %(number)d already shows this text and these numbers.")
            messages.info(request, text % {"number": same.edition.number})
            return redirect(address("report", report, same.edition.title))
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return redirect(address("edit-report", report))
        messages.success(request, _("Edition %(number)d is published.") % {"number": edition.number})
        return redirect(address("report", report, edition.title))
    newest = newest_edition(request.principal, report)
    context = {
        "project": report.project,
        "report": report,
        "newest": newest,
        "number": newest.number + 1 if newest else 1,
        "document": document.read(report.draft),
        "size": changes.count(newest.text if newest else "", report.draft),
    }
    return render(request, "reports/publish.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: AskedRequest, team: str, project: str, slug: str, key: str) -> HttpResponse:
    report = find_report(request.principal, team, project, key, Role.MEMBER)
    require(request.principal, report, role_to_delete(request.principal, report))
    if request.method == "POST":
        editing.delete_report(report=report)
        messages.success(request, _("The report “%(title)s” is deleted.") % {"title": report.title})
        return redirect("reports", team=team, project=project)
    context = {"project": report.project, "report": report, "edition_count": report.editions.count()}
    return render(request, "reports/delete.html", context)
