"""Where every view begins: the team, project or run of an address, if the principal may see it."""

from __future__ import annotations

from django.http import Http404

from teams.models import Role, Team, User
from teams.permissions import Principal, may, require, require_ingest, visible
from teams.scope import find_team
from tracking.models import Project, Run

__all__ = [
    "find_project",
    "find_run",
    "find_run_to_log",
    "find_team",
    "find_team_to_log",
    "may",
    "person",
    "role_to_delete",
]


def find_project(principal: Principal, team: str, project: str, role: Role = Role.VIEWER) -> Project:
    """Raises Http404 for a stranger, PermissionDenied for a member below `role`."""
    found = visible(Project.objects.select_related("team"), principal).filter(team__name=team, name=project).first()
    if found is None:
        raise Http404
    require(principal, found, role)
    return found


def find_run(principal: Principal, team: str, project: str, run: str, role: Role = Role.VIEWER) -> Run:
    """Raises Http404 for a stranger, PermissionDenied for a member below `role`."""
    found = _seen_run(principal, team, project, run)
    require(principal, found, role)
    return found


def find_team_to_log(principal: Principal, team: str) -> Team:
    """A team in which the principal may start projects and runs; an API key that may only ingest is enough."""
    found = visible(Team.objects.all(), principal).filter(name=team).first()
    if found is None:
        raise Http404
    require_ingest(principal, found)
    return found


def find_run_to_log(principal: Principal, team: str, project: str, run: str) -> Run:
    """A run the principal may log to; an API key that may only ingest is enough."""
    found = _seen_run(principal, team, project, run)
    require_ingest(principal, found)
    return found


def role_to_delete(principal: Principal, run: Run) -> Role:
    """What deleting the run or files of it takes: an admin may delete any, a member their own."""
    return Role.MEMBER if run.user_id == principal.user_id else Role.ADMIN


def person(principal: Principal) -> User:
    """The user a principal stands for, be it by a session or by a key."""
    if principal.user_id is None:
        raise Http404
    return User.objects.select_related("default_team").get(pk=principal.user_id)


def _seen_run(principal: Principal, team: str, project: str, run: str) -> Run:
    runs = visible(Run.objects.select_related("project__team", "user"), principal)
    found = runs.filter(project__team__name=team, project__name=project, name=run).first()
    if found is None:
        raise Http404
    return found
