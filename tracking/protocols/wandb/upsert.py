"""`upsertBucket`: the one call that makes a run, and the one that changes what it says of itself.

Null is "not said": keep. `config` is always whole: replace. The reply is canonical; the client builds its addresses
from the names in it.
"""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from teams.permissions import require_ingest
from tracking import ingest, projects, wire
from tracking.models import Project, Run
from tracking.protocols.wandb.access import entity_or_default, principal_of, run_to_log, user_of
from tracking.protocols.wandb.projects import DEFAULT_PROJECT
from tracking.scope import find_team_to_log

SYNC = re.compile(r"(.*[/\\])?wandb(\.exe|[/\\]__main__\.py)?")  # what `wandb sync` calls its program


def upsert_bucket(_source: None, info: GraphQLResolveInfo, *, input: dict[str, Any]) -> dict[str, Any]:
    _refuse_several_writers(info)
    facts = _facts(input)
    begins = _begins_process(facts)
    if input.get("id"):
        run = run_to_log(info, input["id"])
        ingest.update_run(run=run, facts=facts)
        if begins:
            ingest.start_process(run=run)
        return {"bucket": run, "inserted": False}
    if not input.get("name"):
        raise ValidationError({"name": _("Say which run: give its id or a name.")})
    project = _project(info, input.get("entity_name"), input.get("model_name") or DEFAULT_PROJECT)
    run, is_new = ingest.start_run(project=project, name=input["name"], user=user_of(info), facts=facts)
    if is_new and input.get("state") == Run.State.PENDING:
        ingest.set_state(run=run, state=Run.State.PENDING)
    elif not is_new and begins:
        ingest.start_process(run=run)
    return {"bucket": run, "inserted": is_new}


def _refuse_several_writers(info: GraphQLResolveInfo) -> None:
    """In the shared mode several processes number their lines each for itself; here the later ones would be lost."""
    if info.context.headers.get("X-WANDB-USE-ASYNC-FILESTREAM") == "true":
        message = _(
            "Debrief does not take runs in shared mode yet: let one process log, or give each its own run and a group."
        )
        raise ValidationError({"mode": message})


def _begins_process(facts: ingest.RunFacts) -> bool:
    """Whether these are the first words of a process that logs, be it a resumed run or an old id used again.

    Such a process says its host and program, and not yet what machine it writes from: `_wandb.value.e` of the config
    comes with the later updates. Those carry nothing but the config or, after a rename, everything again. `wandb sync`
    begins like a process; what it repeats does not bring back a run that has ended, lines that are new do.
    """
    if not (facts.host or facts.program) or SYNC.fullmatch(facts.program or ""):
        return False
    own = wire.loads(facts.config or "{}").get("_wandb")
    told = own.get("value") if isinstance(own, dict) else None
    return not (isinstance(told, dict) and told.get("e"))


def _project(info: GraphQLResolveInfo, entity: str | None, name: str) -> Project:
    """The project to log to, made on first use. Raises Http404 and PermissionDenied with what to do next."""
    team_name = entity_or_default(info, entity)
    try:
        team = find_team_to_log(principal_of(info), team_name)
    except Http404:
        message = _("There is no entity “%(name)s”, or you are not a member of it; check `entity` in wandb.init.")
        raise Http404(message % {"name": team_name}) from None
    project = projects.get_or_create(team=team, name=name, user=user_of(info))
    try:
        require_ingest(principal_of(info), project)
    except Http404:
        message = _("The project “%(name)s” of %(team)s is private; ask its creator or an admin of the team.")
        raise Http404(message % {"name": name, "team": team_name}) from None
    return project


def _facts(input: dict[str, Any]) -> ingest.RunFacts:
    return ingest.RunFacts(
        display_name=input.get("display_name"),
        config=_object("config", input.get("config")),
        summary=_object("summaryMetrics", input.get("summary_metrics")),
        group=input.get("group_name"),
        job_type=input.get("job_type"),
        sweep_name=input.get("sweep"),
        notes=input.get("notes"),
        tags=input.get("tags"),
        host=input.get("host"),
        program=input.get("job_program"),
        commit=input.get("commit"),
        repository=input.get("job_repo"),
    )


def _object(field: str, text: str | None) -> str | None:
    """The text itself, once it is known to hold a JSON object. Raises ValidationError naming the field."""
    if text is None:
        return None
    try:
        parsed = wire.loads(text)
    except ValueError as problem:
        raise ValidationError({field: _("This is not JSON: %(why)s") % {"why": problem}}) from None
    if not isinstance(parsed, dict):
        raise ValidationError({field: _("Expected a JSON object, found %(found)s.") % {"found": text[:80]}})
    return text


MUTATIONS = {"upsertBucket": upsert_bucket}
