"""Lists of runs: filtered, ordered, page by page, also while they change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.factories import make_project, make_run
from tests.people import People
from tests.tracking.protocols.wandb_client import WandbClient
from tracking.models import Project, Run

pytestmark = pytest.mark.engines

RUNS = """query Runs($cursor: String, $perPage: Int, $order: String, $filters: JSONString) {
  project(name: "image-ablations", entityName: "vision-lab") { internalId runCount(filters: $filters) readOnly
    runs(filters: $filters, after: $cursor, first: $perPage, order: $order) {
      edges { node { projectId id name readOnly createdAt user { name username } } cursor }
      pageInfo { endCursor hasNextPage } } } }"""
LOSSES: list[Any] = [0.5, 0.1, None, float("nan"), 0.3, "high"]


@pytest.fixture
def project(people: People) -> Project:
    project = make_project(people.team, people.alice)
    for number, loss in enumerate(LOSSES):
        summary = {} if loss is None else {"loss": loss}
        make_run(project, people.alice, f"run-{number}", summary=json.dumps(summary), config={"even": number % 2 == 0})
    return project


@pytest.fixture
def client(people: People) -> WandbClient:
    return WandbClient(people.bob)


def listed(client: WandbClient, **variables: Any) -> list[str]:
    """All pages' names in order."""
    names: list[str] = []
    cursor = None
    while True:
        page = client.ask(RUNS, cursor=cursor, **variables)[1]["project"]["runs"]
        names += [edge["node"]["name"].removeprefix("run-") for edge in page["edges"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return names


@pytest.mark.parametrize("size", [1, 2, 4, 50])
def test_pages_hold_every_run_once_in_order(client: WandbClient, project: Project, size: int) -> None:
    assert listed(client, perPage=size) == list("012345")
    assert listed(client, perPage=size, order="-created_at") == list("543210")
    assert listed(client, perPage=size, filters='{"config.even": true}') == list("024")


@pytest.mark.parametrize("size", [1, 50])
def test_runs_without_the_value_come_last_either_way(client: WandbClient, project: Project, size: int) -> None:
    ascending = listed(client, perPage=size, order="+summary_metrics.loss")
    descending = listed(client, perPage=size, order="-summary_metrics.loss")
    assert ascending[:3] == list("140")
    assert ascending[-2:] == list("23")
    assert descending[-2:] == list("32")
    assert [name for name in descending if name in "140"] == list("041")


def test_going_through_all_runs_and_deleting_each_misses_none(client: WandbClient, project: Project) -> None:
    for order in ("+created_at", "+summary_metrics.loss"):
        make_run(project, name=f"run-9{order[1]}")
        cursor, seen = None, 0
        while Run.objects.exists():
            (edge,) = client.ask(RUNS, perPage=1, order=order, cursor=cursor)[1]["project"]["runs"]["edges"]
            Run.objects.get(name=edge["node"]["name"]).delete()
            cursor, seen = edge["cursor"], seen + 1
        assert seen == (7 if order == "+created_at" else 1)


def test_a_count_follows_the_filter(client: WandbClient, project: Project) -> None:
    assert client.ask(RUNS)[1]["project"]["runCount"] == 6
    assert client.ask(RUNS, filters='{"config.even": true}')[1]["project"]["runCount"] == 3


def test_ids_that_the_client_reads_as_numbers_are_numbers(client: WandbClient, project: Project) -> None:
    node = client.ask(RUNS)[1]["project"]["runs"]["edges"][0]["node"]
    assert int(node["projectId"]) == project.pk
    assert node["createdAt"].endswith("Z")


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"cursor": "nonsense"}, "no cursor"),
        ({"cursor": "WzEsMiwzLDRd"}, "no cursor"),
        ({"order": "+colour"}, "colour"),
        ({"filters": "{"}, "not JSON"),
    ],
)
def test_what_cannot_be_used_says_why(
    client: WandbClient, project: Project, variables: dict[str, Any], told: str
) -> None:
    status, message = client.ask(RUNS, **variables)
    assert (status, told in message) == (400, True), message
