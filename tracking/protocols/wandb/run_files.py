"""Run files through GraphQL: where to upload them, what is there, deleting them."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from teams.models import Team
from teams.permissions import require, require_ingest, visible
from teams.protocols import ids
from tracking import files
from tracking.models import Run, RunFile
from tracking.protocols.wandb import upload_urls
from tracking.protocols.wandb.access import principal_of
from tracking.protocols.wandb.like import like
from tracking.protocols.wandb.paging import connection, size_of
from tracking.scope import find_run_to_log, role_to_delete

LARGEST_BATCH = 10_000
CONTROL = re.compile(r"[\x01-\x1f\x7f]")


def create_run_files(_source: None, info: GraphQLResolveInfo, *, input: dict[str, Any]) -> dict[str, Any]:
    """As many answers as names, in their order: the client drops the whole batch otherwise.

    A folder, which `run.save("data/**")` brings along as ".", and a name with control characters, which no address
    can hold, get no place to upload to; the client skips them with a warning.
    """
    names = input["files"]
    if len(names) > LARGEST_BATCH:
        raise ValidationError({"files": _("Announce at most %(most)d files at once.") % {"most": LARGEST_BATCH}})
    run = _run_to_log(info, input)
    files.announce(run=run, names=[name for name in names if _has_place(name)])
    targets = [
        {"name": name, "upload_url": _upload_url(info, run.pk, name) if _has_place(name) else None} for name in names
    ]
    return {"run_id": ids.encode("Run", run.pk), "upload_headers": [], "files": targets}


def _has_place(name: str) -> bool:
    return name != "." and not name.endswith("/") and not CONTROL.search(name)


def mark_run_files_uploaded(_source: None, info: GraphQLResolveInfo, *, input: dict[str, Any]) -> dict[str, Any]:
    """True when all of them are here; it is the upload itself that makes a file visible."""
    run = _run_to_log(info, input)
    names = set(input["files"])
    here = files.listing(run).filter(name__in=names).count()
    return {"success": here == len(names), "client_mutation_id": input.get("client_mutation_id")}


def delete_files(_source: None, info: GraphQLResolveInfo, *, input: dict[str, Any]) -> dict[str, Any]:
    wanted = [ids.decode("File", file_id) for file_id in input["files"]]
    rows = visible(RunFile.objects.select_related("run__project__team"), principal_of(info)).filter(pk__in=wanted)
    runs = {row.run_id: row.run for row in rows}
    if len(rows) != len(set(wanted)):
        raise Http404(_("A file of this list is not there, or you may not see it; nothing was deleted."))
    for run in runs.values():
        require(principal_of(info), run, role_to_delete(principal_of(info), run))
    for run in runs.values():
        files.remove(run=run, ids=[row.pk for row in rows if row.run_id == run.pk])
    return {"success": True, "client_mutation_id": input.get("client_mutation_id")}


def _run_to_log(info: GraphQLResolveInfo, input: dict[str, Any]) -> Run:
    names = input["entity_name"], input["project_name"], input["run_name"]
    try:
        return find_run_to_log(principal_of(info), *names)
    except Http404:
        raise Http404(_("There is no run %(path)s, or you may not see it.") % {"path": "/".join(names)}) from None


def _files(
    run: Run,
    _info: GraphQLResolveInfo,
    *,
    names: list[str | None] | None = None,
    after: str | None = None,
    first: int | None = None,
    pattern: str | None = None,
) -> dict[str, Any]:
    """The uploaded files by name; no names are all of them, `pattern` is one of SQL's LIKE."""
    found = files.listing(run)
    if names:
        found = found.filter(name__in=[name for name in names if name is not None])
    if pattern:
        found = found.filter(like("name", pattern))
    if after:
        found = found.filter(name__gt=_name_of(after))
    size = size_of(first)
    nodes = list(found.select_related("run__project__team")[: size + 1])
    return connection(nodes, size, lambda file: base64.b64encode(file.name.encode()).decode())


def _name_of(cursor: str) -> str:
    """A cursor is the name of its file, so that it still works when the file is deleted meanwhile."""
    try:
        return base64.b64decode(cursor, validate=True).decode()
    except (binascii.Error, UnicodeError):
        message = _("“%(cursor)s” is no cursor of a list of files; start without one.")
        raise ValidationError({"after": message % {"cursor": cursor[:80]}}) from None


def _url(file: RunFile, info: GraphQLResolveInfo, *, upload: bool | None = None) -> str:
    """Where to read the file, or, for those who may log to the run, where to upload it again."""
    if upload:
        require_ingest(principal_of(info), file.run)
        return _upload_url(info, file.run_id, file.name)
    project = file.run.project
    path = reverse("wandb-run-file", args=[project.team.name, project.name, file.run.name, file.name])
    return str(info.context.build_absolute_uri(path))


def _upload_url(info: GraphQLResolveInfo, run_id: int, name: str) -> str:
    target = upload_urls.Target(principal_of(info).user_id or 0, run_id, name)
    return str(info.context.build_absolute_uri(upload_urls.path_for(target)))


def _md5(file: RunFile, _info: GraphQLResolveInfo) -> str | None:
    return base64.b64encode(bytes.fromhex(file.md5)).decode() if file.md5 else None


def _storage_bytes(team: Team, info: GraphQLResolveInfo) -> int:
    """What the files of the team's runs take, as far as this principal sees them."""
    seen = visible(RunFile.objects.filter(run__project__team=team), principal_of(info))
    return int(seen.aggregate(total=Sum("size"))["total"] or 0)


MUTATIONS = {
    "createRunFiles": create_run_files,
    "markRunFilesUploaded": mark_run_files_uploaded,
    "deleteFiles": delete_files,
}
RUN: dict[str, Any] = {"files": _files, "fileCount": lambda run, _info: files.listing(run).count()}
ENTITY: dict[str, Any] = {"storageBytes": _storage_bytes}
FILE: dict[str, Any] = {
    "id": lambda file, _info: ids.encode("File", file.pk),
    "url": _url,
    "directUrl": _url,
    "sizeBytes": lambda file, _info: file.size,
    "mimetype": lambda file, _info: file.media_type,
    "md5": _md5,
}
