"""Making, naming and deleting teams."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from teams import accounts, audit
from teams.auth import AskedRequest
from teams.forms import DeleteTeamForm, NewTeamForm, TeamForm
from teams.models import Role, Team
from teams.permissions import may
from teams.scope import find_me, find_shared_team


@require_http_methods(["GET", "HEAD", "POST"])
def new_team(request: AskedRequest) -> HttpResponse:
    me = find_me(request.principal)
    form = NewTeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            team = accounts.create_team(owner=me, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, _("The team is there. Invite the others by a link."))
            return redirect("members", team.name)
    context = {"active": "new-team", "form": form}
    return render(request, "teams/new_team.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: AskedRequest, team: str) -> HttpResponse:
    found = find_shared_team(request.principal, team, Role.ADMIN)
    if request.method != "POST":
        return _page(request, found)
    form = TeamForm(request.POST)
    if form.is_valid():
        accounts.rename_team(team=found, actor=find_me(request.principal), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("team-settings", found.name)
    return _page(request, found, form=form)


@require_POST
def delete(request: AskedRequest, team: str) -> HttpResponse:
    found = find_shared_team(request.principal, team, Role.OWNER)
    form = DeleteTeamForm(request.POST, name=found.name)
    if not form.is_valid():
        return _page(request, found, delete_form=form)
    accounts.delete_team(team=found, actor=find_me(request.principal))
    messages.success(request, _("The team “%(name)s” is deleted.") % {"name": found})
    return redirect("home")


def _page(
    request: AskedRequest, team: Team, form: TeamForm | None = None, delete_form: DeleteTeamForm | None = None
) -> HttpResponse:
    status = 400 if form or delete_form else 200
    context = {
        "active": "team-settings",
        "team": team,
        "form": form or TeamForm(initial={"display_name": team.display_name}),
        "delete_form": delete_form or DeleteTeamForm(name=team.name),
        "may_delete": may(request.principal, team, Role.OWNER),
        "trail": list(audit.trail(team, limit=30)),
    }
    return render(request, "teams/settings.html", context, status=status)
