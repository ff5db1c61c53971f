"""Who may ask what through GraphQL: the principal of a request, and the runs that ids on the wire name.

A key that may only log runs gets no further than config/graphql_scope.py, so what only reads asks for no scope here.
"""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from teams.models import Role, User
from teams.permissions import Principal, require, require_ingest, visible
from teams.protocols import ids
from teams.protocols.wandb import default_entity
from tracking.models import Run
from tracking.scope import person, role_to_delete


def principal_of(info: GraphQLResolveInfo) -> Principal:
    principal: Principal = info.context.principal
    return principal


def user_of(info: GraphQLResolveInfo) -> User:
    return person(principal_of(info))


def entity_or_default(info: GraphQLResolveInfo, entity_name: str | None) -> str:
    return entity_name or default_entity(user_of(info))


def run_to_change(info: GraphQLResolveInfo, run_id: str) -> Run:
    """The run of an id on the wire, if the principal may change it. Raises Http404, PermissionDenied."""
    run = _run(principal_of(info), run_id)
    require(principal_of(info), run, Role.MEMBER)
    return run


def run_to_delete(info: GraphQLResolveInfo, run_id: str) -> Run:
    """The same for deleting it, which takes more when it is somebody else's."""
    run = _run(principal_of(info), run_id)
    require(principal_of(info), run, role_to_delete(principal_of(info), run))
    return run


def run_to_log(info: GraphQLResolveInfo, run_id: str) -> Run:
    """The same for logging to it, which a key that may only ingest may do."""
    run = _run(principal_of(info), run_id)
    require_ingest(principal_of(info), run)
    return run


def _run(principal: Principal, run_id: str) -> Run:
    found = visible(Run.objects.select_related("project__team", "user"), principal)
    run = found.filter(pk=ids.decode("Run", run_id)).first()
    if run is None:
        raise Http404(_("There is no such run, or you may not see it."))
    return run
