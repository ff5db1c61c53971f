"""The two things a wandb client does with a run: ask GraphQL, and post to file_stream."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from teams import accounts
from teams.models import ApiKey, User
from tests.tracking.protocols.asgi import Answer, basic, call
from tracking.models import Run
from tracking.protocols.wandb.file_stream import file_stream

UPSERT = """mutation UpsertBucket($id: String, $name: String, $project: String, $entity: String, $displayName: String,
  $config: JSONString, $notes: String, $tags: [String!], $groupName: String, $state: String,
  $summaryMetrics: JSONString, $host: String, $program: String) {
  upsertBucket(input: {id: $id, name: $name, modelName: $project, entityName: $entity, displayName: $displayName,
    config: $config, notes: $notes, tags: $tags, groupName: $groupName, state: $state,
    summaryMetrics: $summaryMetrics, host: $host, jobProgram: $program}) {
    bucket { id name displayName config sweepName historyLineCount project { id name entity { id name } } } inserted } }
"""


@dataclass
class WandbClient:
    """Speaks for a user with a key of the given scope."""

    user: User
    scope: str = ApiKey.Scope.ADMIN
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.key = accounts.create_api_key(user=self.user, scope=self.scope)[1]

    def ask(self, query: str, more_headers: dict[str, str] | None = None, /, **variables: Any) -> tuple[int, Any]:
        """(status, `data`) of an operation that works, (status, all messages) of one that does not."""
        body = {"query": query, "variables": variables}
        headers = {"Authorization": basic(self.key)["authorization"], **(more_headers or {})}
        response = Client().post("/graphql", json.dumps(body), content_type="application/json", headers=headers)
        answer = response.json()
        if "errors" in answer:
            return response.status_code, " ".join(error["message"] for error in answer["errors"])
        return response.status_code, answer["data"]

    def upsert(self, **variables: Any) -> Any:
        status, data = self.ask(UPSERT, **variables)
        assert status == 200, data
        return data["upsertBucket"]

    def stream(self, run: Run, message: Any, **headers: str) -> Answer:
        """Post one message about a run; bytes go as they are."""
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        answer = call(file_stream, "POST", path_of(run), body, {**basic(self.key), **headers})
        assert answer is not None
        return answer


def path_of(run: Run) -> str:
    return f"/files/{run.project.team.name}/{run.project.name}/{run.name}/file_stream"


def history(*rows: dict[str, Any], offset: int = 0) -> dict[str, Any]:
    """A message with history lines `offset …`."""
    return {"files": {"wandb-history.jsonl": {"offset": offset, "content": [json.dumps(row) for row in rows]}}}
