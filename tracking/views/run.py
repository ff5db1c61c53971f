"""The page of one run, a tab at a time, and what a member may change about the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from teams.auth import AskedRequest
from teams.models import Role
from teams.permissions import require, visible
from tracking import console, files, ingest, overview, runs, wire
from tracking.folders import folder_of
from tracking.forms import RunForm
from tracking.models import Event, Run
from tracking.query.tokens import quote
from tracking.scope import find_run, may, role_to_delete

TABS: dict[str, str | Promise] = {
    "charts": gettext_lazy("Charts"),
    "overview": gettext_lazy("Overview"),
    "console": gettext_lazy("Console"),
    "system": gettext_lazy("System"),
    "files": gettext_lazy("Files"),
}
EVENTS_SHOWN = 100


@require_safe
def run(request: AskedRequest, team: str, project: str, run: str) -> HttpResponse:
    """The tab named in `?tab=`; an unknown one shows the charts."""
    found = find_run(request.principal, team, project, run)
    tab = request.GET.get("tab", "charts")
    return _page(request, found, tab if tab in TABS else "charts", RunForm.of(found))


@require_POST
def edit(request: AskedRequest, team: str, project: str, run: str) -> HttpResponse:
    found = find_run(request.principal, team, project, run, Role.MEMBER)
    form = RunForm(request.POST)
    if not form.is_valid():
        return _page(request, found, "charts", form, status=400)
    ingest.update_run(run=found, facts=ingest.RunFacts(**form.cleaned_data))
    return redirect("run", team=team, project=project, run=run)


@require_POST
def stop(request: AskedRequest, team: str, project: str, run: str) -> HttpResponse:
    found = find_run(request.principal, team, project, run, Role.MEMBER)
    if found.is_active:
        ingest.stop_run(run=found)
        messages.success(request, _("The script is asked to stop; it hears so with its next report."))
    else:
        messages.info(request, _("The run has already ended."))
    return redirect("run", team=team, project=project, run=run)


@require_POST
def delete(request: AskedRequest, team: str, project: str, run: str) -> HttpResponse:
    found = find_run(request.principal, team, project, run)
    require(request.principal, found, role_to_delete(request.principal, found))
    ingest.delete_run(run=found)
    messages.success(request, _("The run “%(name)s” is deleted.") % {"name": found.display_name})
    return redirect("workspace", team=team, project=project)


def _page(request: AskedRequest, found: Run, tab: str, form: RunForm, status: int = 200) -> HttpResponse:
    context = {
        "run": found,
        "project": found.project,
        "tab": tab,
        "tabs": TABS,
        "duration": overview.duration(found),
        "group_filter": f"group = {quote(found.group)}",
        "active": "workspace",
        "form": form,
        "may_edit": may(request.principal, found, Role.MEMBER),
        "may_delete": may(request.principal, found, role_to_delete(request.principal, found)),
        **CONTEXTS[tab](request, found),
    }
    return render(request, f"tracking/run_{tab}.html", context, status=status)


def _overview(request: AskedRequest, found: Run) -> dict[str, Any]:
    happened = visible(Event.objects.all(), request.principal).filter(run=found).order_by("-id")[:EVENTS_SHOWN]
    config, summary = runs.config_of(found), runs.summary_of(found)
    return {
        "config_text": wire.dumps(config),
        "config_values": list(overview.leaves(config)),
        "summary_text": wire.dumps(summary),
        "summary_values": list(overview.leaves(summary)),
        "environment": overview.environment(found),
        "happenings": [overview.happening(event) for event in happened],
    }


def _console(request: AskedRequest, found: Run) -> dict[str, Any]:
    return {"line_count": console.next_line(found.pk)}


def _nothing(request: AskedRequest, found: Run) -> dict[str, Any]:
    return {}


def _files(request: AskedRequest, found: Run) -> dict[str, Any]:
    return {"folder": folder_of(files.listing(found), request.GET.get("path", ""))}


CONTEXTS: dict[str, Callable[[AskedRequest, Run], dict[str, Any]]] = {
    "charts": _console,
    "overview": _overview,
    "console": _console,
    "system": _nothing,
    "files": _files,
}
