"""Who: people, the teams they work in, and the keys their scripts carry."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# First segments of our own addresses: `/ENTITY` must never hide one of them.
RESERVED_NAMES = frozenset(
    """api artifacts artifactsV2 authorize debug favicon.ico files graphql healthz inbox invitations jsi18n live login
    oidc profile ready reports robots.txt sdk search settings signin signout signup static storage teams uploads
    """.split()
)
NAME_VALIDATOR = RegexValidator(r"^[A-Za-z0-9_-]{1,64}\Z", _("Use 1 to 64 letters, digits, “_” or “-”."))


class Role(models.IntegerChoices):
    """What a member may do; each role includes the ones before it."""

    VIEWER = 10, _("Viewer")
    MEMBER = 20, _("Member")
    ADMIN = 30, _("Admin")
    OWNER = 40, _("Owner")


class User(AbstractUser):
    """A person, or a service account. Everybody has a personal team of the same name (`Team.personal_user`)."""

    username = models.CharField(max_length=64, unique=True, validators=[NAME_VALIDATOR])
    email = models.EmailField(blank=True)
    display_name = models.CharField(max_length=128, blank=True)
    language = models.CharField(max_length=8, blank=True)  # empty: as the browser asks
    theme = models.CharField(max_length=8, blank=True, choices=[("light", _("Light")), ("dark", _("Dark"))])
    time_zone = models.CharField(max_length=64, default="UTC")
    default_team = models.ForeignKey("Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return str(self)


class Organization(models.Model):
    """A thin, named group of teams."""

    name = models.CharField(max_length=64, unique=True, validators=[NAME_VALIDATOR])
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class OrganizationMembership(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="organization_memberships")
    role = models.PositiveSmallIntegerField(choices=Role.choices, default=Role.MEMBER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="one_organization_membership_a_user"),
        ]


class Team(models.Model):
    """What wandb calls an entity: the owner of projects. A personal team has exactly one member, its user."""

    TEAM_PATH = ""

    name = models.CharField(max_length=64, unique=True, validators=[NAME_VALIDATOR])
    display_name = models.CharField(max_length=128, blank=True)
    personal_user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="personal_team"
    )
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="teams"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.display_name or self.name

    @property
    def is_personal(self) -> bool:
        return self.personal_user_id is not None


class Membership(models.Model):
    TEAM_PATH = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.PositiveSmallIntegerField(choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="one_membership_a_user"),
            models.CheckConstraint(condition=models.Q(role__in=[10, 20, 30, 40]), name="membership_role_known"),
        ]


class Invitation(models.Model):
    """A link that makes whoever opens it (signed in, or signing up) a member. The token is stored as a hash."""

    TEAM_PATH = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(blank=True)
    role = models.PositiveSmallIntegerField(choices=Role.choices, default=Role.MEMBER)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)


class SignInLink(models.Model):
    """A one-time way in for a user, valid for 15 minutes. The token is stored as a hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class SignInFailure(models.Model):
    """A wrong password: what was typed as the name, and from where. Kept for minutes; see teams/signin.py."""

    name = models.CharField(max_length=254)
    address = models.CharField(max_length=64)
    failed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["address", "failed_at"], name="failures_of_an_address")]


class ApiKey(models.Model):
    """A secret that stands for its user. Only the SHA-256 of the key is stored; `prefix` is what people see of it."""

    class Scope(models.TextChoices):
        INGEST = "ingest", _("Log runs only")
        READ = "read", _("Read only")
        WRITE = "write", _("Read and write")
        ADMIN = "admin", _("Everything its user may do")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=128, blank=True)
    prefix = models.CharField(max_length=16)
    key_hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.ADMIN)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


class AuditEntry(models.Model):
    """Who changed what about access: members, roles, keys, visibility. Never edited, never deleted with its subject."""

    TEAM_PATH = "team"

    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="audit_entries")
    actor = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=64)  # for example membership.role_changed
    subject = models.CharField(max_length=256)
    detail = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["team", "-id"], name="audit_newest_first")]
