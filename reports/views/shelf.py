"""The reports of a project, and starting a new one."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reports import editing, shelf, starter
from reports.addresses import address
from reports.forms import NewReportForm
from teams.auth import AskedRequest
from teams.models import Role
from tracking.charts.spec import ChartSpec
from tracking.scope import find_project, may, person


@require_safe
def reports(request: AskedRequest, team: str, project: str) -> HttpResponse:
    found = find_project(request.principal, team, project)
    may_write = may(request.principal, found, Role.MEMBER)
    listed = shelf.reports_of(found, request.principal)
    context = {
        "project": found,
        "reports": listed,
        "may_write": may_write,
        "example": starter.chart_fence(ChartSpec(("val/loss",), title=_("Validation loss"), smooth=0.6)),
    }
    return render(request, "reports/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_report(request: AskedRequest, team: str, project: str) -> HttpResponse:
    found = find_project(request.principal, team, project, Role.MEMBER)
    form = NewReportForm(request.POST or None, initial={"title": _("Comparison of runs")})
    if form.is_valid():
        from_runs = form.cleaned_data["start"] == NewReportForm.Start.RUNS
        text = starter.text_for(found, request.principal) if from_runs else ""
        try:
            report = editing.create_report(
                project=found, title=form.cleaned_data["title"], user=person(request.principal), text=text
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return redirect(address("edit-report", report))
    metrics = starter.metrics_of(found, request.principal)[: starter.CHARTS]
    context = {"project": found, "form": form, "metrics": metrics}
    return render(request, "reports/new_report.html", context, status=400 if form.is_bound else 200)
