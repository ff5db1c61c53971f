"""`/graphql`: what the wandb client asks, on one SDL file with resolvers from every app.

graphql-core alone, with a cache of parsed and validated documents: clients send any selection, alias and fragment, so
dispatching on operation names would break with the next client version. The client takes only 200 for success and
shows the `message` of each error; 4xx is final for it, 5xx is tried again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.utils.log import log_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    build_schema,
    execute_sync,
    parse,
    specified_rules,
    validate,
)

from config.graphql_limits import MAX_TOKENS, DepthLimit
from config.graphql_scope import beyond_logging
from teams.auth import AskedRequest
from teams.permissions import NOBODY
from teams.protocols.wandb import RESOLVERS as PEOPLE
from tracking.protocols.wandb.resolvers import RESOLVERS as RUNS
from tracking.protocols.wandb.resolvers import SDL
from tracking.protocols.wandb.scalars import SCALARS, Scalar

RETRY_AFTER = "2"  # seconds, when the trouble is ours
OUR_TROUBLE = (OperationalError, InterfaceError, OSError)

Resolver = Callable[..., Any]
Resolvers = Mapping[str, Mapping[str, Resolver]]  # type → field → resolver


class Refused(Exception):
    """The request itself is wrong; `status` says how, and `level` how loudly the log tells it."""

    def __init__(self, status: int, message: str, level: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.level = level


def join(sdl: Path, scalars: Mapping[str, Scalar], *apps: Resolvers) -> GraphQLSchema:
    """The schema of an SDL file with every app's resolvers on it; raises on one that names nothing or is double."""
    schema = build_schema(sdl.read_text())
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLScalarType) and name in scalars:
            vars(kind).update(serialize=scalars[name].serialize, parse_value=scalars[name].parse)
        elif isinstance(kind, GraphQLInputObjectType):
            for field, declared in kind.fields.items():
                declared.out_name = snake_case(field)
        elif isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            for described in kind.fields.values():
                described.resolve = _by_name
                for argument, given in described.args.items():
                    given.out_name = snake_case(argument)
    for resolvers in apps:
        for name, fields in resolvers.items():
            owner = schema.type_map[name]
            assert isinstance(owner, GraphQLObjectType), name
            for field, resolver in fields.items():
                if owner.fields[field].resolve is not _by_name:
                    raise ValueError(f"{name}.{field} has two resolvers")
                owner.fields[field].resolve = resolver
    return schema


@csrf_exempt
@login_not_required
def view(request: AskedRequest) -> HttpResponse:
    """One GraphQL operation for whoever holds an API key; sessions of a browser are not taken here."""
    try:
        query, variables, operation = _read(request)
        parsed = document(query)
        if not request.principal.may_read and (fields := beyond_logging(SCHEMA, parsed)):
            message = _("This API key may only log runs; %(fields)s needs a key that may do more.")
            raise Refused(403, message % {"fields": ", ".join(fields)})
        result = execute_sync(
            SCHEMA, parsed, context_value=request, variable_values=variables, operation_name=operation
        )
    except Refused as refused:
        return _answer(request, refused.status, [{"message": str(refused)}], level=refused.level)
    except GraphQLError as problem:
        return _answer(request, 400, [{"message": problem.message}])
    return _respond(request, result)


@lru_cache(maxsize=512)
def document(query: str) -> DocumentNode:
    """The parsed document. Raises GraphQLError when it cannot be parsed or asks for what the SDL does not have."""
    try:
        parsed = parse(query, max_tokens=MAX_TOKENS)
        unknown = list(_unknown_operations(parsed))
        problems = [] if unknown else validate(SCHEMA, parsed, [DepthLimit, *specified_rules], max_errors=5)
    except RecursionError:
        raise GraphQLError(_("The query is nested too deeply.")) from None
    except GraphQLSyntaxError as problem:
        raise GraphQLError(_("The query cannot be parsed: %(why)s") % {"why": problem.message}) from None
    if unknown:
        raise GraphQLError(_("Debrief does not support %(names)s yet.") % {"names": ", ".join(unknown)})
    if problems:
        why = " ".join(problem.message for problem in problems)
        raise GraphQLError(_("Debrief does not have what this client asks for: %(why)s") % {"why": why})
    return parsed


def _unknown_operations(parsed: DocumentNode) -> Iterator[str]:
    """The fields right below `query` or `mutation` that Debrief does not have."""
    for operation in parsed.definitions:
        if isinstance(operation, OperationDefinitionNode):
            root = SCHEMA.get_root_type(operation.operation)
            known = {"__typename", *(root.fields if root is not None else ())}
            asked = (field.name.value for field in operation.selection_set.selections if isinstance(field, FieldNode))
            yield from (name for name in asked if name not in known)


@lru_cache(maxsize=1024)
def snake_case(name: str) -> str:
    """`uploadUrl` → `upload_url`, `clientID` → `client_id`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _by_name(source: Any, info: GraphQLResolveInfo, **_arguments: Any) -> Any:
    name = snake_case(info.field_name)
    return source[name] if isinstance(source, dict) else getattr(source, name)


def _read(request: AskedRequest) -> tuple[str, dict[str, Any] | None, str | None]:
    if request.method != "POST":
        raise Refused(405, _("Send GraphQL with POST."))
    if request.principal is NOBODY or "Authorization" not in request.headers:
        url = request.build_absolute_uri("/authorize")
        raise Refused(401, _("Unknown or expired API key. Get one at %(url)s.") % {"url": url})
    try:
        body = orjson.loads(request.body)
    except RequestDataTooBig:
        raise Refused(413, _("The request is larger than this server takes.")) from None
    except ValueError as problem:
        if not request.body:
            raise Refused(400, _("The request has no body; the client may have hung up."), "info") from None
        raise Refused(400, _("The request is not JSON: %(why)s") % {"why": problem}) from None
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        raise Refused(400, _("The request has no “query”: send {“query”: …, “variables”: …}."))
    variables, operation = body.get("variables"), body.get("operationName")
    if not isinstance(variables, dict | None) or not isinstance(operation, str | None):
        raise Refused(400, _("“variables” must be an object and “operationName” a string."))
    if b"\\u0000" in request.body and _has_nul(variables):
        raise Refused(400, _("A variable holds a NUL character, which no database keeps: leave it out."))
    return body["query"], variables, operation or None


def _has_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_nul(inner) for inner in value.values())
    if isinstance(value, list):
        return any(_has_nul(inner) for inner in value)
    return isinstance(value, str) and "\0" in value


def _respond(request: AskedRequest, result: ExecutionResult) -> HttpResponse:
    if not result.errors:
        return HttpResponse(orjson.dumps({"data": result.data}), content_type="application/json")
    described = [_describe(error) for error in result.errors]
    status = max(status for status, _message in described)
    errors = [
        {"message": message, "path": error.path}
        for error, (_status, message) in zip(result.errors, described, strict=True)
    ]
    cause = next((error.original_error for error in result.errors if error.original_error is not None), None)
    return _answer(request, status, errors, cause=cause if status >= 500 else None)


def _describe(error: GraphQLError) -> tuple[int, str]:
    """The HTTP status and the sentence for an error of a resolver."""
    cause = error.original_error
    if isinstance(cause, Http404):
        return 404, str(cause) or _("There is no such thing, or you may not see it.")
    if isinstance(cause, PermissionDenied):
        return 403, str(cause) or _("Your role or your API key does not allow this; ask an admin of the team.")
    if isinstance(cause, ValidationError):
        return 400, _sentence(cause)
    if isinstance(cause, OUR_TROUBLE):
        return 503, _("Debrief cannot reach its database or disk at the moment; the client tries again.")
    if cause is None or isinstance(cause, GraphQLError):
        return 400, error.message
    return 500, _("Debrief failed at this; its log says why.")


def _sentence(problem: ValidationError) -> str:
    if hasattr(problem, "error_dict"):
        return " ".join(f"{field}: {' '.join(texts)}" for field, texts in problem.message_dict.items())
    return " ".join(problem.messages)


def _answer(
    request: AskedRequest,
    status: int,
    errors: list[dict[str, Any]],
    *,
    cause: BaseException | None = None,
    level: str | None = None,
) -> HttpResponse:
    response = HttpResponse(
        orjson.dumps({"errors": errors, "data": None}), status=status, content_type="application/json"
    )
    if status == 503:
        response["Retry-After"] = RETRY_AFTER
    messages = "; ".join(error["message"] for error in errors)
    log_response(
        "GraphQL %s for user %s: %s",
        status,
        request.principal.username or "-",
        messages,
        response=response,
        request=request,
        exception=cause,
        level=level,
    )
    return response


SCHEMA = join(SDL, SCALARS, PEOPLE, RUNS)
