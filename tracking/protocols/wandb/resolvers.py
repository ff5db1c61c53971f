"""Every resolver of tracking, by type and field of schema.graphql; `config/graphql.py` joins them with other apps'."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tracking.protocols.wandb import actions, console, projects, rows, run_files, runs, server, upsert

SDL = Path(__file__).with_name("schema.graphql")

RESOLVERS: dict[str, dict[str, Any]] = {
    "Query": {**projects.QUERIES, **server.QUERIES},
    "Mutation": {**projects.MUTATIONS, **upsert.MUTATIONS, **actions.MUTATIONS, **run_files.MUTATIONS},
    "Project": projects.PROJECT,
    "Run": {**runs.RUN, **rows.RUN, **console.RUN, **run_files.RUN},
    "File": run_files.FILE,
    "Entity": run_files.ENTITY,
}
