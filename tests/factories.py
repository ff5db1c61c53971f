"""Plain functions that make the things tests are about, through the same verbs as production."""

from __future__ import annotations

import json
from typing import Any

from teams.models import Team, User
from tracking import ingest, projects
from tracking.models import Project, Run


def make_project(team: Team, user: User | None = None, name: str = "image-ablations", **fields: Any) -> Project:
    return projects.create(team=team, name=name, user=user, **fields)


def make_run(project: Project, user: User | None = None, name: str = "abc123", **facts: Any) -> Run:
    if isinstance(facts.get("config"), dict):
        facts["config"] = json.dumps({key: {"value": value} for key, value in facts["config"].items()})
    if isinstance(facts.get("summary"), dict):
        facts["summary"] = json.dumps(facts["summary"])
    return ingest.start_run(project=project, name=name, user=user, facts=ingest.RunFacts(**facts))[0]


def log_metrics(run: Run, rows: list[dict[str, Any]], offset: int = 0) -> None:
    """One history line a row; `_step` counts from the offset unless the row names one."""
    lines = [json.dumps({"_step": offset + index, **row}) for index, row in enumerate(rows)]
    ingest.log_history(run=run, offset=offset, lines=lines)
