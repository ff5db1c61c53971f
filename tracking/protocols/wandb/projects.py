"""Projects as the client sees them: found by entity and name, listed, made."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from teams.models import Role
from teams.permissions import may, require, visible
from teams.protocols import ids
from tracking import projects
from tracking.models import Project, Run
from tracking.protocols.wandb.access import entity_or_default, principal_of, user_of
from tracking.protocols.wandb.paging import connection, size_of
from tracking.protocols.wandb.runs import count, page
from tracking.scope import find_team

DEFAULT_PROJECT = "uncategorized"


def project(
    _source: None, info: GraphQLResolveInfo, *, name: str | None = None, entity_name: str | None = None
) -> Project | None:
    """Null for a project that is not there or not for this principal: the client's own texts follow from that."""
    found = visible(Project.objects.select_related("team", "created_by"), principal_of(info))
    team = entity_or_default(info, entity_name)
    return found.filter(team__name=team, name=name or DEFAULT_PROJECT).first()


def models(
    _source: None,
    info: GraphQLResolveInfo,
    *,
    entity_name: str | None = None,
    after: str | None = None,
    first: int | None = None,
) -> dict[str, Any]:
    """The entity's projects, oldest first; empty for an entity that is not there."""
    found = visible(Project.objects.select_related("team", "created_by"), principal_of(info))
    found = found.filter(team__name=entity_or_default(info, entity_name)).order_by("pk")
    if after:
        found = found.filter(pk__gt=ids.decode("Project", after))
    size = size_of(first)
    return connection(list(found[: size + 1]), size, lambda node: ids.encode("Project", node.pk))


def upsert_model(_source: None, info: GraphQLResolveInfo, *, input: dict[str, Any]) -> dict[str, Any]:
    """`Api.create_project`; a project that is there already stays as it is, but for an admin's new description."""
    name = input.get("name") or DEFAULT_PROJECT
    try:
        team = find_team(principal_of(info), entity_or_default(info, input.get("entity_name")), Role.MEMBER)
    except Http404:
        raise Http404(_unknown_entity(input.get("entity_name"))) from None
    known = Project.objects.filter(team=team, name=name).first()
    if known is None:
        made = projects.create(team=team, name=name, user=user_of(info), description=input.get("description") or "")
        return {"project": made, "model": made, "inserted": True}
    require(principal_of(info), known, Role.MEMBER)
    if input.get("description") not in {None, known.description}:
        require(principal_of(info), known, Role.ADMIN)
        projects.update(
            project=known, user=user_of(info), visibility=known.visibility, description=input["description"]
        )
    return {"project": known, "model": known, "inserted": False}


def _unknown_entity(name: str | None) -> str:
    return _("There is no entity “%(name)s”, or you are not a member of it.") % {"name": name}


def _run(project: Project, _info: GraphQLResolveInfo, *, name: str, **_arguments: Any) -> Run | None:
    found = Run.objects.select_related("user").filter(project=project, name=name).first()
    if found is not None:
        found.project = project
    return found


def _runs(project: Project, _info: GraphQLResolveInfo, **arguments: Any) -> dict[str, Any]:
    return page(project, **arguments)


def _run_count(project: Project, _info: GraphQLResolveInfo, *, filters: str | None = None) -> int:
    return count(project, filters)


def _is_read_only(project: Project, info: GraphQLResolveInfo) -> bool:
    return not may(principal_of(info), project, Role.MEMBER)


QUERIES = {"project": project, "model": project, "models": models}  # `model` is what asks to resume
MUTATIONS = {"upsertModel": upsert_model}
PROJECT: dict[str, Any] = {
    "id": lambda project, _info: ids.encode("Project", project.pk),
    "internalId": lambda project, _info: ids.encode("ProjectInternalId", project.pk),
    "entityName": lambda project, _info: project.team.name,
    "entity": lambda project, _info: project.team,
    "isBenchmark": lambda _project, _info: False,
    "readOnly": _is_read_only,
    "access": lambda project, _info: "PRIVATE" if project.visibility == Project.Visibility.TEAM else "RESTRICTED",
    "views": lambda _project, _info: None,
    "user": lambda project, _info: project.created_by,
    "runCount": _run_count,
    "runs": _runs,
    "run": _run,
    "bucket": _run,
}
