"""Verbs about organizations: thin, named groups of teams. Belonging to one gives no access to a team."""

from __future__ import annotations

from django.db import transaction

from teams.accounts import audit
from teams.models import Organization, OrganizationMembership, Role, Team, User


@transaction.atomic
def create_organization(*, name: str) -> Organization:
    """Raises ValidationError naming the field, also when the name is taken."""
    organization = Organization(name=name)
    organization.full_clean()
    organization.save()
    audit(team=None, actor=None, action="organization.created", subject=name)
    return organization


@transaction.atomic
def set_organization_members(*, organization: Organization, roles: dict[User, Role]) -> None:
    """Make `roles` the whole membership of the organization: add, change and remove."""
    organization.memberships.exclude(user__in=roles).delete()
    for user, role in roles.items():
        OrganizationMembership.objects.update_or_create(organization=organization, user=user, defaults={"role": role})


def join_organization(*, team: Team, organization: Organization | None) -> None:
    """Put the team into the organization, or into none."""
    team.organization = organization
    team.save(update_fields=["organization"])


@transaction.atomic
def delete_organization(*, organization: Organization) -> None:
    """The group only: its teams stay."""
    audit(team=None, actor=None, action="organization.deleted", subject=organization.name)
    organization.delete()
