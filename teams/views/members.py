"""Who is on a team, and inviting others."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from teams import invitations, members
from teams.auth import AskedRequest
from teams.forms import InvitationForm, RoleForm
from teams.models import Role, Team
from teams.permissions import may, role_in
from teams.scope import find_me, find_shared_team


@require_safe
def list_members(request: AskedRequest, team: str) -> HttpResponse:
    return _page(request, find_shared_team(request.principal, team))


@require_POST
def change_role(request: AskedRequest, team: str, username: str) -> HttpResponse:
    found = find_shared_team(request.principal, team, Role.ADMIN)
    membership = get_object_or_404(members.members_of(found), user__username=username)
    form = RoleForm(request.POST, up_to=role_in(request.principal, found) or Role.VIEWER)
    if not form.is_valid():
        messages.error(request, _("Choose a role up to your own."))
        return redirect("members", found.name)
    role: Role = form.cleaned_data["role"]
    try:
        members.change_role(membership=membership, role=role, actor=find_me(request.principal))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        said = {"name": membership.user, "role": role.label}
        messages.success(request, _("%(name)s now has the role “%(role)s”.") % said)
    return redirect("members", found.name)


@require_POST
def remove(request: AskedRequest, team: str, username: str) -> HttpResponse:
    """Everybody may leave; taking others off the team is for admins."""
    is_leaving = username == request.principal.username
    found = find_shared_team(request.principal, team, Role.VIEWER if is_leaving else Role.ADMIN)
    membership = get_object_or_404(members.members_of(found), user__username=username)
    try:
        members.remove_member(membership=membership, actor=find_me(request.principal))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("members", found.name)
    if is_leaving:
        messages.success(request, _("You have left “%(team)s”.") % {"team": found})
        return redirect("home")
    messages.success(request, _("%(name)s is no longer on the team.") % {"name": membership.user})
    return redirect("members", found.name)


@never_cache
@require_POST
def invite(request: AskedRequest, team: str) -> HttpResponse:
    """The link is in the answer itself: only its hash is kept, so no later page could show it."""
    found = find_shared_team(request.principal, team, Role.ADMIN)
    form = InvitationForm(request.POST, up_to=role_in(request.principal, found) or Role.VIEWER)
    if not form.is_valid():
        return _page(request, found, form=form)
    _invitation, secret = invitations.invite(team=found, actor=find_me(request.principal), **form.cleaned_data)
    return _page(request, found, link=settings.SITE_URL + reverse("invitation", args=[secret]))


@require_POST
def withdraw(request: AskedRequest, team: str, pk: int) -> HttpResponse:
    found = find_shared_team(request.principal, team, Role.ADMIN)
    invitation = get_object_or_404(invitations.open_invitations(found), pk=pk)
    invitations.withdraw(invitation=invitation, actor=find_me(request.principal))
    messages.success(request, _("The invitation no longer works."))
    return redirect("members", found.name)


def _page(request: AskedRequest, team: Team, form: InvitationForm | None = None, link: str = "") -> HttpResponse:
    held = role_in(request.principal, team) or Role.VIEWER
    manages = may(request.principal, team, Role.ADMIN)
    context = {
        "active": "members",
        "team": team,
        "memberships": members.members_of(team),
        "manages": manages,
        "held": held,
        "roles": [role for role in Role if role <= held],
        "form": form or InvitationForm(up_to=held),
        "link": link,
        "invitations": invitations.open_invitations(team) if manages else [],
    }
    return render(request, "teams/members.html", context, status=400 if form else 200)
