"""THE permission module. A view starts from `visible` and guards a write with `require`; nothing else decides access.

A *principal* is who asks: a user through a session, or a user through an API key with a scope.
Every team-owned model names its way to the team (`TEAM_PATH`) and, where it lies in a project, to that
(`PROJECT_PATH`), both as Django look-up paths; "" is the model itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404

from teams.models import ApiKey, Membership, Role, Team

M = TypeVar("M", bound=Model)

# Project.visibility values; tracking.models.Project uses these very strings.
PRIVATE, TEAM = "private", "team"


@dataclass(frozen=True)
class Principal:
    """Who asks. `user_id` None is nobody: sees nothing. `scope` is the key's, None for a browser session."""

    user_id: int | None
    username: str = ""
    scope: str | None = None

    @property
    def may_write(self) -> bool:
        return self.scope in {None, ApiKey.Scope.WRITE, ApiKey.Scope.ADMIN}

    @property
    def may_ingest(self) -> bool:
        return self.may_write or self.scope == ApiKey.Scope.INGEST

    @property
    def may_read(self) -> bool:
        return self.scope != ApiKey.Scope.INGEST

    @property
    def may_administer(self) -> bool:
        return self.scope in {None, ApiKey.Scope.ADMIN}


NOBODY = Principal(user_id=None)


class RoleNeeded(PermissionDenied):
    """A member asked for what needs a stronger role, or a key with a wider scope. The 403 page says which."""

    def __init__(self, team: Team, role: Role, is_key_too_weak: bool = False) -> None:
        super().__init__(f"needs {role.name.lower()} in {team.name}")
        self.team = team
        self.role = role
        self.is_key_too_weak = is_key_too_weak


def visible(queryset: QuerySet[M], principal: Principal) -> QuerySet[M]:
    """The rows of a team-owned model that `principal` may see; never raises."""
    if principal.user_id is None:
        return queryset.none()
    model: Any = queryset.model
    mine = Membership.objects.filter(user_id=principal.user_id)
    allowed = Q(**{_join(model.TEAM_PATH, "in"): mine.values("team_id")})
    project = getattr(model, "PROJECT_PATH", None)
    if project is not None:
        administered = mine.filter(role__gte=Role.ADMIN).values("team_id")
        allowed &= (
            Q(**{_join(project, "visibility"): TEAM})
            | Q(**{_join(project, "created_by_id"): principal.user_id})
            | Q(**{_join(project, "team_id__in"): administered})
        )
        if getattr(model, "PROJECT_OPTIONAL", False):
            allowed |= Q(**{_join(model.TEAM_PATH, "in"): mine.values("team_id"), f"{project}__isnull": True})
    return queryset.filter(allowed)


def role_in(principal: Principal, team: Team) -> Role | None:
    """The principal's role in a team, or None for a stranger."""
    if principal.user_id is None:
        return None
    role = Membership.objects.filter(team=team, user_id=principal.user_id).values_list("role", flat=True).first()
    return None if role is None else Role(role)


def teams_with(principal: Principal, role: Role) -> QuerySet[Team]:
    """The teams in which the principal may act as `role`."""
    if principal.user_id is None or not _key_allows(principal, role):
        return Team.objects.none()
    return Team.objects.filter(memberships__user_id=principal.user_id, memberships__role__gte=role)


def team_of(thing: Any) -> Team:
    """Follow the model's TEAM_PATH from an instance to its team."""
    for attribute in filter(None, type(thing).TEAM_PATH.split("__")):
        thing = getattr(thing, attribute)
    return thing  # type: ignore[no-any-return]


def may(principal: Principal, thing: Model, role: Role) -> bool:
    """Whether the principal sees `thing` and has at least `role` in its team (and a key scope that allows it)."""
    if not visible(type(thing)._default_manager.filter(pk=thing.pk), principal).exists():
        return False
    return _may_act(principal, team_of(thing), role)


def require(principal: Principal, thing: Model, role: Role) -> None:
    """Raise Http404 for a stranger, PermissionDenied for a member whose role or key is too weak."""
    if not visible(type(thing)._default_manager.filter(pk=thing.pk), principal).exists():
        raise Http404
    team = team_of(thing)
    if not _may_act(principal, team, role):
        held = role_in(principal, team)
        raise RoleNeeded(team, role, is_key_too_weak=held is not None and held >= role)


def require_ingest(principal: Principal, thing: Model) -> None:
    """`require` for logging runs: a member with a key that may ingest, also one that may do nothing else."""
    if not visible(type(thing)._default_manager.filter(pk=thing.pk), principal).exists():
        raise Http404
    team = team_of(thing)
    held = role_in(principal, team)
    if held is None or held < Role.MEMBER or not principal.may_ingest:
        raise RoleNeeded(team, Role.MEMBER, is_key_too_weak=held is not None and held >= Role.MEMBER)


def _may_act(principal: Principal, team: Team, role: Role) -> bool:
    held = role_in(principal, team)
    return held is not None and held >= role and _key_allows(principal, role)


def _key_allows(principal: Principal, role: Role) -> bool:
    if role >= Role.ADMIN:
        return principal.may_administer
    return role <= Role.VIEWER or principal.may_write


def _join(path: str, field: str) -> str:
    return f"{path}__{field}" if path else ("id__in" if field == "in" else field)
