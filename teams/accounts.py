"""Verbs about people and teams: the only writers of users, teams, memberships and keys."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from teams.models import (
    RESERVED_NAMES,
    ApiKey,
    AuditEntry,
    Membership,
    Role,
    SignInLink,
    Team,
    User,
)

SIGN_IN_LINK_LIFE = timedelta(minutes=15)


def digest(secret: str) -> str:
    """SHA-256 in hex: our secrets are long and random, so a slow hash would add nothing but latency."""
    return hashlib.sha256(secret.encode()).hexdigest()


def check_name(name: str, field: str) -> None:
    """Raise ValidationError({field: …}) unless `name` can be the name of a user or team."""
    if name.lower() in {reserved.lower() for reserved in RESERVED_NAMES}:
        raise ValidationError({field: _("“%(name)s” is reserved; choose another name.") % {"name": name}})
    if Team.objects.filter(name__iexact=name).exists():
        raise ValidationError({field: _("“%(name)s” is taken; choose another name.") % {"name": name}})


@transaction.atomic
def create_user(*, username: str, email: str = "", password: str | None = None, is_admin: bool = False) -> User:
    """A user with the personal team of the same name. Raises ValidationError naming the field."""
    user = User(username=username, email=email, is_staff=is_admin, is_superuser=is_admin)
    user.set_password(password) if password else user.set_unusable_password()
    check_name(username, "username")
    user.full_clean()
    user.save()
    team = Team.objects.create(name=username, personal_user=user)
    Membership.objects.create(team=team, user=user, role=Role.OWNER)
    return user


@transaction.atomic
def create_team(*, name: str, owner: User | None, display_name: str = "") -> Team:
    """A team, with `owner` as its first member. Raises ValidationError naming the field."""
    check_name(name, "name")
    team = Team(name=name, display_name=display_name)
    team.full_clean()
    team.save()
    if owner is not None:
        Membership.objects.create(team=team, user=owner, role=Role.OWNER)
    audit(team=team, actor=owner, action="team.created", subject=name)
    return team


def create_api_key(
    *, user: User, name: str = "", scope: str = ApiKey.Scope.ADMIN, expires_at: datetime | None = None, key: str = ""
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is shown once. A given `key` becomes valid for the user (idempotent)."""
    # wandb clients of every age accept 40 characters behind the first dash.
    secret = key or f"debrief-{secrets.token_hex(20)}"
    row, _created = ApiKey.objects.update_or_create(
        key_hash=digest(secret),
        defaults={"user": user, "name": name, "prefix": secret[:12], "scope": scope, "expires_at": expires_at},
    )
    return row, secret


def create_sign_in_link(*, user: User) -> str:
    """The secret of a one-time sign-in link; the address is `/signin/<secret>`."""
    secret = secrets.token_urlsafe(32)
    SignInLink.objects.create(user=user, token_hash=digest(secret), expires_at=timezone.now() + SIGN_IN_LINK_LIFE)
    return secret


def redeem_sign_in_link(secret: str) -> User | None:
    """The link's user, once; None when it is unknown, used or too old."""
    now = timezone.now()
    fresh = SignInLink.objects.filter(token_hash=digest(secret), used_at=None, expires_at__gt=now)
    if not fresh.update(used_at=now):
        return None
    return User.objects.filter(sign_in_links__token_hash=digest(secret), is_active=True).first()


def audit(*, team: Team | None, actor: User | None, action: str, subject: str, **detail: object) -> None:
    """Write down who did what. A subject that is longer than its column is cut: the entry matters more."""
    longest = AuditEntry._meta.get_field("subject").max_length
    AuditEntry.objects.create(team=team, actor=actor, action=action, subject=subject[:longest], detail=detail)


@transaction.atomic
def update_user(
    *, user: User, email: str | None = None, password: str | None = None, is_admin: bool | None = None
) -> None:
    """Change what is given. A password that is the present one already leaves the user's sessions alone."""
    if email is not None:
        user.email = email
    if password is not None and not user.check_password(password):
        user.set_password(password)
    if is_admin is not None:
        user.is_staff = user.is_superuser = is_admin
    user.full_clean()
    user.save(update_fields=["email", "password", "is_staff", "is_superuser"])


@transaction.atomic
def set_members(*, team: Team, roles: dict[User, Role], actor: User | None = None) -> None:
    """Make `roles` the whole membership of the team: add, change and remove. Raises ValidationError if personal."""
    if team.is_personal:
        raise ValidationError({"members": _("“%(name)s” is a personal team.") % {"name": team.name}})
    held = {membership.user: membership for membership in team.memberships.select_related("user")}
    for user, membership in held.items():
        if user not in roles:
            withdraw_invitations(team=team, inviter=user, role=None, actor=actor)
            membership.delete()
            audit(team=team, actor=actor, action="membership.removed", subject=user.username)
    for user, role in roles.items():
        if user not in held:
            Membership.objects.create(team=team, user=user, role=role)
            audit(team=team, actor=actor, action="membership.added", subject=user.username, role=role.name.lower())
        elif held[user].role != role:
            withdraw_invitations(team=team, inviter=user, role=role, actor=actor)
            team.memberships.filter(user=user).update(role=role)
            audit(
                team=team, actor=actor, action="membership.role_changed", subject=user.username, role=role.name.lower()
            )


def may_invite(held: int | None, role: int) -> bool:
    """Whether a member of role `held` (None is no member) may invite somebody as `role`."""
    return held is not None and held >= max(role, Role.ADMIN)


@transaction.atomic
def withdraw_invitations(*, team: Team, inviter: User, role: Role | None, actor: User | None) -> None:
    """Take back the open invitations that `inviter`, whose role is now `role`, may not make any more."""
    for invitation in team.invitations.filter(invited_by=inviter, accepted_at=None):
        if not may_invite(role, invitation.role):
            audit(team=team, actor=actor, action="invitation.withdrawn", subject=invitation.email)
            invitation.delete()


@transaction.atomic
def delete_user(*, user: User, actor: User | None = None) -> None:
    """The user, the personal team and all that lies in it; runs in other teams stay, without their user."""
    for team in Team.objects.filter(invitations__invited_by=user).distinct():
        withdraw_invitations(team=team, inviter=user, role=None, actor=actor)
    audit(team=None, actor=actor, action="user.deleted", subject=user.username)
    user.delete()


@transaction.atomic
def rename_team(*, team: Team, display_name: str, actor: User) -> None:
    """Change what people read; the name in addresses stays. Raises ValidationError naming the field."""
    team.display_name = display_name
    team.full_clean()
    team.save(update_fields=["display_name"])
    audit(team=team, actor=actor, action="team.renamed", subject=team.name, display_name=display_name)


@transaction.atomic
def delete_team(*, team: Team, actor: User | None = None) -> None:
    """The team with its projects, runs and reports. A personal team goes with its user: raises ValidationError."""
    if team.is_personal:
        raise ValidationError({"team": _("“%(name)s” is a personal team: delete the user.") % {"name": team.name}})
    audit(team=None, actor=actor, action="team.deleted", subject=team.name)
    team.delete()
