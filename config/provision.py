"""What automation may ask for, one JSON object each: users, teams, organizations, projects and sign-in links.

A line says how things should be, not what to do: sending it again changes nothing. What a line leaves out stays as
it is, except a team's `organization`, which is none when it is absent. `members` is the whole list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from teams import accounts, organizations
from teams.models import Organization, Role, Team, User
from tracking import projects
from tracking.models import Project

Line = dict[str, Any]
M = TypeVar("M", User, Team, Organization)


class Refused(Exception):
    """The line cannot be carried out; the message says what to write instead."""


def carry_out(line: object) -> Line:
    """Do what one line says, wholly or not at all, and answer it. Never raises for a bad line: `{"error": …}`."""
    try:
        if not isinstance(line, dict):
            raise Refused('Write a JSON object, for example {"user": "ada"}.')
        subject = next((name for name in VERBS if name in line), None)
        if subject is None:
            raise Refused(f"Name what this is about, one of: {', '.join(VERBS)}.")
        verb, fields = VERBS[subject]
        _check(line, {subject: str} | fields)
        with transaction.atomic():
            return verb(line)
    except Refused as refusal:
        return {"error": str(refusal)}
    except ValidationError as problem:
        return {"error": _in_words(problem)}


def _user(line: Line) -> Line:
    user = User.objects.filter(username=line["user"]).first()
    created = user is None
    if user is None:
        user = accounts.create_user(username=line["user"])
    accounts.update_user(user=user, email=line.get("email"), password=line.get("password"), is_admin=line.get("admin"))
    if line.get("api_key"):
        accounts.create_api_key(user=user, name="provisioned", key=line["api_key"])
    return {"user": user.username, "created": created}


def _team(line: Line) -> Line:
    team = Team.objects.filter(name=line["team"]).first()
    created = team is None
    if team is None:
        team = accounts.create_team(name=line["team"], owner=None)
    if "members" in line:
        accounts.set_members(team=team, roles=_roles(line["members"]))
    name = line.get("organization")
    organizations.join_organization(team=team, organization=_find(Organization, "organization", name) if name else None)
    return {"team": team.name, "created": created}


def _organization(line: Line) -> Line:
    organization = Organization.objects.filter(name=line["organization"]).first()
    created = organization is None
    if organization is None:
        organization = organizations.create_organization(name=line["organization"])
    if "members" in line:
        organizations.set_organization_members(organization=organization, roles=_roles(line["members"]))
    return {"organization": organization.name, "created": created}


def _project(line: Line) -> Line:
    team_name, _slash, name = line["project"].partition("/")
    team = _find(Team, "team", team_name)
    visibility = line.get("visibility", Project.Visibility.TEAM)
    project = Project.objects.filter(team=team, name=name).first()
    created = project is None
    if project is None:
        project = projects.create(team=team, name=name, user=None, visibility=visibility)
    elif "visibility" in line:
        projects.update(project=project, user=None, visibility=visibility, description=project.description)
    return {"project": str(project), "created": created}


def _signin_link(line: Line) -> Line:
    secret = accounts.create_sign_in_link(user=_find(User, "user", line["signin_link"]))
    return {"url": f"{settings.SITE_URL}/signin/{secret}"}


def _delete_user(line: Line) -> Line:
    user = User.objects.filter(username=line["delete_user"]).first()
    if user is not None:
        accounts.delete_user(user=user)
    return {"deleted": user is not None}


def _delete_team(line: Line) -> Line:
    team = Team.objects.filter(name=line["delete_team"]).first()
    if team is not None:
        accounts.delete_team(team=team)
    return {"deleted": team is not None}


def _delete_organization(line: Line) -> Line:
    organization = Organization.objects.filter(name=line["delete_organization"]).first()
    if organization is not None:
        organizations.delete_organization(organization=organization)
    return {"deleted": organization is not None}


# In this order: a team's line may name an organization, an organization's line names nothing else.
VERBS: dict[str, tuple[Callable[[Line], Line], dict[str, type]]] = {
    "user": (_user, {"email": str, "password": str, "api_key": str, "admin": bool}),
    "team": (_team, {"members": dict, "organization": str}),
    "organization": (_organization, {"members": dict}),
    "project": (_project, {"visibility": str}),
    "signin_link": (_signin_link, {}),
    "delete_user": (_delete_user, {}),
    "delete_team": (_delete_team, {}),
    "delete_organization": (_delete_organization, {}),
}
_KINDS = {str: "text", bool: "true or false", dict: 'an object such as {"ada": "owner"}'}


def _check(line: Line, fields: dict[str, type]) -> None:
    for field in [name for name, value in line.items() if value is None and name in fields]:
        del line[field]  # null says nothing
    for field, value in line.items():
        if field not in fields:
            raise Refused(f"{field}: unknown field; known here: {', '.join(fields)}.")
        if not isinstance(value, fields[field]):
            raise Refused(f"{field}: write {_KINDS[fields[field]]}.")


def _roles(members: dict[str, str]) -> dict[User, Role]:
    known = {role.name.lower(): role for role in Role}
    roles = {}
    for username, role in members.items():
        if role not in known:
            raise Refused(f"members: {username!r} has the role {role!r}; write one of {', '.join(known)}.")
        roles[_find(User, "user", username)] = known[role]
    return roles


def _find(model: type[M], field: str, name: str) -> M:
    lookup = "username" if model is User else "name"
    found = model._default_manager.filter(**{lookup: name}).first()
    if found is None:
        raise Refused(f"{field}: there is no {field} {name!r}; provision it first.")
    return found


def _in_words(problem: ValidationError) -> str:
    if not hasattr(problem, "message_dict"):
        return " ".join(problem.messages)
    return " ".join(f"{field}: {' '.join(messages)}" for field, messages in problem.message_dict.items())
