"""Verbs about invitations: a link that makes whoever opens it a member, once."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from teams.accounts import audit, create_user, digest, may_invite
from teams.models import Invitation, Membership, Role, Team, User


def open_invitations(team: Team) -> QuerySet[Invitation]:
    """Those that still work, newest first."""
    now = timezone.now()
    return team.invitations.filter(accepted_at=None, expires_at__gt=now).select_related("invited_by").order_by("-id")


def find_open(secret: str) -> Invitation | None:
    """The invitation of a link; None when it is unknown, withdrawn, used or too old."""
    fresh = Invitation.objects.filter(accepted_at=None, expires_at__gt=timezone.now())
    return fresh.select_related("team", "invited_by").filter(token_hash=digest(secret)).first()


@transaction.atomic
def invite(*, team: Team, actor: User, role: Role, days: int, email: str = "") -> tuple[Invitation, str]:
    """A new invitation and the secret of its link. Raises PermissionDenied for a role above the actor's own."""
    if team.is_personal or not may_invite(_role_of(team, actor), role):
        raise PermissionDenied
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        team=team,
        email=email,
        role=role,
        token_hash=digest(secret),
        invited_by=actor,
        expires_at=timezone.now() + timedelta(days=days),
    )
    audit(team=team, actor=actor, action="invitation.made", subject=email, role=role.name.lower())
    return invitation, secret


@transaction.atomic
def withdraw(*, invitation: Invitation, actor: User) -> None:
    audit(team=invitation.team, actor=actor, action="invitation.withdrawn", subject=invitation.email)
    invitation.delete()


@transaction.atomic
def accept(*, invitation: Invitation, user: User) -> None:
    """Make the user a member; who is one already keeps the stronger role.

    Raises ValidationError when it was used, or when whoever made it may not invite for that role any more.
    """
    if not may_invite(_role_of(invitation.team, invitation.invited_by), invitation.role):
        raise ValidationError(_("Whoever made this invitation may not invite you any more. Ask for a new one."))
    now = timezone.now()
    claimed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=now).update(accepted_at=now)
    if not claimed:
        raise ValidationError(_("Somebody has used this invitation. Ask for a new one."))
    team, role = invitation.team, Role(invitation.role)
    membership, is_new = Membership.objects.get_or_create(team=team, user=user, defaults={"role": role})
    if not is_new and membership.role < role:
        Membership.objects.filter(pk=membership.pk).update(role=role)
    audit(team=team, actor=user, action="invitation.accepted", subject=user.username, role=role.name.lower())


@transaction.atomic
def sign_up(*, invitation: Invitation, username: str, password: str, email: str = "") -> User:
    """A new user who joins at once. Raises ValidationError naming the field."""
    try:
        validate_password(password, User(username=username, email=email))
    except ValidationError as weak:
        raise ValidationError({"password": weak.messages}) from weak
    user = create_user(username=username, email=email, password=password)
    accept(invitation=invitation, user=user)
    return user


def _role_of(team: Team, user: User | None) -> int | None:
    return Membership.objects.filter(team=team, user=user).values_list("role", flat=True).first()
