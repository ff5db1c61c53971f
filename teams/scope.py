"""Where views about people begin: the team of an address, and the user who asks."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404

from teams.models import Role, Team, User
from teams.permissions import Principal, require, visible


def find_team(principal: Principal, team: str, role: Role = Role.VIEWER) -> Team:
    """Raises Http404 for a stranger, PermissionDenied for a member below `role`."""
    found = visible(Team.objects.all(), principal).filter(name=team).first()
    if found is None:
        raise Http404
    require(principal, found, role)
    return found


def find_shared_team(principal: Principal, team: str, role: Role = Role.VIEWER) -> Team:
    """As `find_team`, and Http404 for a personal team: nobody can join one."""
    found = find_team(principal, team, role)
    if found.is_personal:
        raise Http404
    return found


def find_me(principal: Principal) -> User:
    """Who asks. Raises PermissionDenied for a key that may not administer: it must not make itself a stronger one."""
    if principal.user_id is None or not principal.may_administer:
        raise PermissionDenied
    return User.objects.get(pk=principal.user_id)
