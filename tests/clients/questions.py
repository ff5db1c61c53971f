"""What the server has of a run, asked through its GraphQL as a client would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx

from tests.servers.debrief import OWNER, Debrief
from tests.servers.process import wait_for

RUN = """query Run($project: String!, $entity: String!, $name: String!) {
  project(name: $project, entityName: $entity) { run(name: $name) {
    id name displayName state exitcode config summaryMetrics tags notes group jobType host program stopped
    historyLineCount eventsLineCount logLineCount createdAt heartbeatAt
    files(first: 1000) { edges { node { name sizeBytes url md5 mimetype } } }
    logLines(first: 10000) { edges { node { number level timestamp line } } }
  } } }"""
ROWS = """query Rows($project: String!, $entity: String!, $name: String!, $first: Int64!, $stop: Int64!) {
  project(name: $project, entityName: $entity) { run(name: $name) {
    history(minStep: $first, maxStep: $stop, samples: 100000) } } }"""
PAGE = 20_000  # steps


class Questions:
    def __init__(self, server: Debrief) -> None:
        self.server = server

    def ask(self, query: str, **variables: Any) -> Any:
        response = httpx.post(
            f"{self.server.url}/graphql",
            json={"query": query, "variables": {"entity": OWNER, **variables}},
            auth=("api", self.server.api_key),
            timeout=60,
        )
        assert response.status_code == 200, response.text
        return response.json()["data"]

    def run(self, project: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] | None = self.find(project, name)
        assert found is not None, f"there is no run {project}/{name}"
        return found

    def find(self, project: str, name: str) -> dict[str, Any] | None:
        asked = self.ask(RUN, project=project, name=name)["project"]
        found: dict[str, Any] | None = asked and asked["run"]
        return found

    def config(self, run: dict[str, Any]) -> dict[str, Any]:
        """The script's own configuration, unwrapped."""
        wrapped = json.loads(run["config"])
        return {key: value["value"] for key, value in wrapped.items() if key != "_wandb"}

    def rows(self, project: str, name: str) -> Iterator[dict[str, Any]]:
        """Every row of the history, in line order."""
        first, left = 0, self.run(project, name)["historyLineCount"]
        while left > 0:
            asked = self.ask(ROWS, project=project, name=name, first=first, stop=first + PAGE)
            page = asked["project"]["run"]["history"]
            assert page, f"{left} rows are missing from step {first} on"
            left, first = left - len(page), first + PAGE
            yield from (json.loads(row) for row in page)

    def wait_for_state(self, project: str, name: str, state: str) -> dict[str, Any]:
        def reached() -> dict[str, Any] | None:
            run = self.find(project, name)
            return run if run is not None and run["state"] == state else None

        found = wait_for(reached, f"{project}/{name} to be {state}")
        assert found is not None
        return found
