"""Verbs about who is on a team: roles, leaving and removing. A team never loses its last owner."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from teams.accounts import audit, withdraw_invitations
from teams.models import Membership, Role, Team, User


def members_of(team: Team) -> QuerySet[Membership]:
    """The strongest roles first, then by name."""
    return team.memberships.select_related("user").order_by("-role", "user__username")


def owners_of(team: Team) -> list[User]:
    return [membership.user for membership in members_of(team).filter(role=Role.OWNER)]


@transaction.atomic
def change_role(*, membership: Membership, role: Role, actor: User) -> None:
    """Raises PermissionDenied when the actor may not give or take that role, ValidationError for the last owner."""
    membership = _locked(membership)
    _check_reach(membership.team, actor, Role(membership.role), role)
    if membership.role == role:
        return
    if role < Role.OWNER:
        _keep_an_owner(membership)
    Membership.objects.filter(pk=membership.pk).update(role=role)
    withdraw_invitations(team=membership.team, inviter=membership.user, role=role, actor=actor)
    audit(
        team=membership.team,
        actor=actor,
        action="membership.role_changed",
        subject=membership.user.username,
        role=role.name.lower(),
    )


@transaction.atomic
def remove_member(*, membership: Membership, actor: User) -> None:
    """Take someone off the team; everybody may leave by themselves. Raises as `change_role` does."""
    membership = _locked(membership)
    if membership.user != actor:
        _check_reach(membership.team, actor, Role(membership.role))
    _keep_an_owner(membership)
    User.objects.filter(pk=membership.user_id, default_team=membership.team).update(default_team=None)
    action = "membership.left" if membership.user == actor else "membership.removed"
    audit(team=membership.team, actor=actor, action=action, subject=membership.user.username)
    withdraw_invitations(team=membership.team, inviter=membership.user, role=None, actor=actor)
    membership.delete()


def _locked(membership: Membership) -> Membership:
    """The row as it is now, with the team's owners held until the transaction ends: two owners cannot both leave."""
    list(Membership.objects.select_for_update().filter(team_id=membership.team_id, role=Role.OWNER))
    return Membership.objects.select_related("team", "user").get(pk=membership.pk)


def _check_reach(team: Team, actor: User, *roles: Role) -> None:
    """Admins and owners change others, and nobody reaches above their own role."""
    held = Membership.objects.filter(team=team, user=actor).values_list("role", flat=True).first()
    if held is None or held < Role.ADMIN or any(role > held for role in roles):
        raise PermissionDenied


def _keep_an_owner(membership: Membership) -> None:
    is_owner = membership.role == Role.OWNER
    if is_owner and not membership.team.memberships.filter(role=Role.OWNER).exclude(pk=membership.pk).exists():
        raise ValidationError(
            _("%(name)s is the last owner. Make somebody else owner first.") % {"name": membership.user}
        )
