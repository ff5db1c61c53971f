"""What is done to a run from outside: stop, requeue, delete, alert."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from tracking import ingest
from tracking.protocols.wandb.access import principal_of, run_to_change, run_to_delete
from tracking.scope import find_run_to_log

DEFAULT_WAIT = 60_000  # milliseconds; the client sends its own default of a minute, too


def stop_run(_source: None, info: GraphQLResolveInfo, *, input: dict[str, Any]) -> dict[str, Any]:
    """Asking a run that has ended changes nothing."""
    run = run_to_change(info, input["id"])
    if run.is_active:
        ingest.stop_run(run=run)
    return _success(input)


def update_run_state(_source: None, info: GraphQLResolveInfo, *, input: dict[str, Any]) -> dict[str, Any]:
    ingest.set_state(run=run_to_change(info, input["id"]), state=input["state"])
    return _success(input)


def delete_run(_source: None, info: GraphQLResolveInfo, *, input: dict[str, Any]) -> dict[str, Any]:
    ingest.delete_run(run=run_to_delete(info, input["id"]))
    return {"client_mutation_id": input.get("client_mutation_id")}


def rewind_run(_source: None, _info: GraphQLResolveInfo, *, input: dict[str, Any]) -> dict[str, Any]:
    message = _("Debrief cannot rewind a run yet: log to a new run, or go on with resume=“must”.")
    raise ValidationError({"runName": message})


def raise_alert(_source: None, info: GraphQLResolveInfo, *, input: dict[str, Any]) -> dict[str, Any]:
    """`run.alert()`. The wait before the same title is told again comes in milliseconds."""
    names = input["entity_name"], input["project_name"], input["run_name"]
    try:
        run = find_run_to_log(principal_of(info), *names)
    except Http404:
        raise Http404(_("There is no run %(path)s, or you may not see it.") % {"path": "/".join(names)}) from None
    wait = input.get("wait_duration")
    told = ingest.raise_alert(
        run=run,
        title=input["title"],
        text=input["text"],
        level=input.get("severity") or "INFO",
        wait_seconds=(DEFAULT_WAIT if wait is None else wait) / 1000,
    )
    return {"success": told, "client_mutation_id": input.get("client_mutation_id")}


def _success(input: dict[str, Any]) -> dict[str, Any]:
    return {"success": True, "client_mutation_id": input.get("client_mutation_id")}


MUTATIONS = {
    "stopRun": stop_run,
    "updateRunState": update_run_state,
    "deleteRun": delete_run,
    "rewindRun": rewind_run,
    "notifyScriptableRunAlert": raise_alert,
}
