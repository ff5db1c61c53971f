"""What the wandb client asks about people: the viewer, entities (our teams), members, organizations."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from graphql import GraphQLResolveInfo

from teams.models import Membership, Organization, Role, Team, User
from teams.permissions import Principal, visible
from teams.protocols import ids


def default_entity(user: User) -> str:
    """The team a run goes to when the script names none: the user's choice, else the personal team."""
    if user.default_team is not None and user.memberships.filter(team=user.default_team).exists():
        return user.default_team.name
    personal = Team.objects.filter(personal_user=user).values_list("name", flat=True).first()
    return personal or user.username


def viewer(_source: None, info: GraphQLResolveInfo) -> User | None:
    return User.objects.select_related("default_team").filter(pk=_principal(info).user_id or 0).first()


def entity(_source: None, info: GraphQLResolveInfo, *, name: str) -> Team | None:
    return (
        visible(Team.objects.select_related("organization", "personal_user"), _principal(info))
        .filter(name=name)
        .first()
    )


def organization(_source: None, info: GraphQLResolveInfo, *, name: str) -> Organization | None:
    """An organization the viewer belongs to, directly or through a team of it."""
    mine = Q(memberships__user=_principal(info).user_id) | Q(teams__memberships__user=_principal(info).user_id)
    return Organization.objects.filter(mine, name=name).distinct().first()


def _principal(info: GraphQLResolveInfo) -> Principal:
    principal: Principal = info.context.principal
    return principal


def _edges(nodes: Any) -> dict[str, Any]:
    return {"edges": [{"node": node} for node in nodes]}


def _api_keys(user: User, info: GraphQLResolveInfo) -> dict[str, Any]:
    """The viewer's own keys. `name` is the beginning of the key: that is how wandb tells them apart."""
    if user.pk != _principal(info).user_id:
        return _edges([])
    return _edges(user.api_keys.order_by("pk"))


def _teams(user: User, info: GraphQLResolveInfo) -> dict[str, Any]:
    mine: QuerySet[Team] = visible(Team.objects.filter(memberships__user=user), _principal(info))
    return _edges(mine.select_related("organization", "personal_user").order_by("name"))


def _members(team: Team, _info: GraphQLResolveInfo) -> QuerySet[Membership]:
    return team.memberships.select_related("user").order_by("pk")


def _account_type(membership: Membership, _info: GraphQLResolveInfo) -> str:
    return "MEMBER" if membership.role >= Role.MEMBER and not membership.team.is_personal else "USER"


RESOLVERS: dict[str, dict[str, Any]] = {
    "Query": {"viewer": viewer, "entity": entity, "organization": organization},
    "User": {
        "id": lambda user, _info: ids.encode("User", user.pk),
        "name": lambda user, _info: str(user),
        "admin": lambda user, _info: user.is_superuser,
        "flags": lambda _user, _info: "{}",
        "entity": lambda user, _info: default_entity(user),
        "deletedAt": lambda _user, _info: None,
        "apiKeys": _api_keys,
        "teams": _teams,
    },
    "ApiKey": {
        "id": lambda key, _info: ids.encode("ApiKey", key.pk),
        "name": lambda key, _info: key.prefix,
        "description": lambda key, _info: key.name,
    },
    "Entity": {
        "id": lambda team, _info: ids.encode("Entity", team.pk),
        "available": lambda _team, _info: False,  # the name is taken, by this very team
        "photoUrl": lambda _team, _info: None,
        "readOnly": lambda _team, _info: False,
        "readOnlyAdmin": lambda _team, _info: False,
        "isTeam": lambda team, _info: not team.is_personal,
        "entityType": lambda team, _info: "user" if team.is_personal else "team",
        "privateOnly": lambda _team, _info: True,  # nothing of a team is open to the world
        "codeSavingEnabled": lambda _team, _info: False,
        "defaultAccess": lambda _team, _info: "PRIVATE",
        "isPaid": lambda _team, _info: False,
        "members": _members,
    },
    "Member": {
        "id": lambda membership, _info: ids.encode("User", membership.user_id),
        "admin": lambda membership, _info: membership.role >= Role.ADMIN,
        "role": lambda membership, _info: Role(membership.role).name.lower(),
        "pending": lambda _membership, _info: False,
        "email": lambda membership, _info: membership.user.email,
        "username": lambda membership, _info: membership.user.username,
        "name": lambda membership, _info: str(membership.user),
        "photoUrl": lambda _membership, _info: None,
        "accountType": _account_type,
        "apiKey": lambda _membership, _info: None,
    },
    "Organization": {
        "id": lambda organization, _info: ids.encode("Organization", organization.pk),
        "coreWeaveOrganizationId": lambda _organization, _info: None,
        "featureFlags": lambda _organization, _info, **_arguments: [],
    },
}
