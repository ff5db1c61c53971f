"""A team's projects, and making, describing and deleting one."""

from __future__ import annotations

from django import conf
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams.auth import AskedRequest
from teams.models import Role
from teams.permissions import visible
from tracking import projects
from tracking.forms import NewProjectForm, ProjectForm, TypedNameForm
from tracking.models import Project, Run
from tracking.scope import find_project, find_team, may, person


@require_safe
def team(request: AskedRequest, team: str) -> HttpResponse:
    found = find_team(request.principal, team)
    listed = (
        visible(Project.objects.all(), request.principal)
        .filter(team=found)
        .annotate(
            run_count=Count("runs"),
            running_count=Count("runs", filter=Q(runs__state=Run.State.RUNNING)),
            last_activity=Max("runs__changed_at"),
        )
        .order_by("name")
    )
    context = {
        "team": found,
        "projects": listed,
        "may_create": may(request.principal, found, Role.MEMBER),
        "site_url": conf.settings.SITE_URL,
        "active": "team",
    }
    return render(request, "tracking/team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_project(request: AskedRequest, team: str) -> HttpResponse:
    found = find_team(request.principal, team, Role.MEMBER)
    form = NewProjectForm(request.POST or None)
    if form.is_valid():
        try:
            project = projects.create(team=found, user=person(request.principal), **form.cleaned_data)
        except ValidationError as problem:
            _show(form, problem)
        else:
            return redirect("workspace", team=found.name, project=project.name)
    status = 400 if form.is_bound else 200
    return render(request, "tracking/new_project.html", {"team": found, "form": form, "active": "team"}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: AskedRequest, team: str, project: str) -> HttpResponse:
    found = find_project(request.principal, team, project, Role.ADMIN)
    form = ProjectForm(request.POST or None, initial={"description": found.description, "visibility": found.visibility})
    if form.is_valid():
        projects.update(project=found, user=person(request.principal), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("project-settings", team=team, project=project)
    return _settings_page(request, found, form, TypedNameForm(name=found.name))


@require_POST
def delete(request: AskedRequest, team: str, project: str) -> HttpResponse:
    found = find_project(request.principal, team, project, Role.ADMIN)
    form = TypedNameForm(request.POST, name=found.name)
    if not form.is_valid():
        shown = ProjectForm(initial={"description": found.description, "visibility": found.visibility})
        return _settings_page(request, found, shown, form)
    projects.delete(project=found, user=person(request.principal))
    messages.success(request, _("The project “%(name)s” is deleted.") % {"name": project})
    return redirect("team", team=team)


def _settings_page(request: AskedRequest, project: Project, form: ProjectForm, deletion: TypedNameForm) -> HttpResponse:
    context = {"project": project, "form": form, "deletion": deletion, "active": "project-settings"}
    context["run_count"] = project.runs.count()
    status = 400 if form.is_bound or deletion.is_bound else 200
    return render(request, "tracking/project_settings.html", context, status=status)


def _show(form: NewProjectForm, problem: ValidationError) -> None:
    """Errors at their fields; one without a field (the name is taken) belongs to the name."""
    for field, texts in getattr(problem, "message_dict", {"name": problem.messages}).items():
        form.add_error(field if field in form.fields else "name", texts)
