"""The workspace of a project: its runs as columns and as a table."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_project, make_run
from tests.people import People, make_people
from tracking import ingest
from tracking.models import Project

pytestmark = pytest.mark.django_db

COLUMNS = "/vision-lab/image-ablations/runs.json"
TABLE = "/vision-lab/image-ablations/runs"


@pytest.fixture
def people() -> People:
    return make_people()


@pytest.fixture
def project(people: People) -> Project:
    return make_project(people.team, people.alice)


@pytest.fixture
def vera(people: People) -> Client:
    client = Client()
    client.force_login(people.vera)
    return client


@pytest.fixture
def bob(people: People) -> Client:
    client = Client()
    client.force_login(people.bob)
    return client


def test_a_project_without_runs_says_how_to_log_the_first(project: Project, bob: Client) -> None:
    page = bob.get("/vision-lab/image-ablations").content.decode()
    assert "WANDB_BASE_URL=http://testserver" in page
    assert 'wandb.init(entity="vision-lab", project="image-ablations")' in page.replace("&quot;", '"')


def test_the_workspace_says_how_many_runs_are_running(project: Project, vera: Client) -> None:
    make_run(project, name="one")
    ingest.finish_run(run=make_run(project, name="two"), exit_code=0)
    assert "1 running" in vera.get("/vision-lab/image-ablations").content.decode()


def test_a_viewer_is_not_offered_a_new_report(project: Project, vera: Client, bob: Client) -> None:
    make_run(project)
    assert "New report" not in vera.get("/vision-lab/image-ablations").content.decode()
    assert "New report" in bob.get("/vision-lab/image-ablations").content.decode()


def test_columns_hold_one_value_a_run(project: Project, people: People, vera: Client) -> None:
    make_run(project, people.bob, "first", display_name="calm-otter-1", summary={"val/loss": 0.5, "epoch": 3})
    make_run(project, people.bob, "second", summary={"val/loss": 0.25})
    answer = vera.get(COLUMNS).json()
    assert (answer["total"], answer["matching"], answer["metric"]) == (2, 2, "val/loss")
    assert answer["columns"]["id"] == ["second", "first"]
    assert answer["columns"]["value"] == [0.25, 0.5]
    assert answer["columns"]["name"][1] == "calm-otter-1"
    assert answer["columns"]["user"] == ["bob", "bob"]
    assert {len(values) for values in answer["columns"].values()} == {2}


def test_columns_follow_the_filter_and_the_metric_asked_for(project: Project, vera: Client) -> None:
    make_run(project, name="slow", config={"lr": 0.001}, summary={"acc": 0.5})
    make_run(project, name="fast", config={"lr": 0.1}, summary={"acc": 0.75})
    answer = vera.get(COLUMNS, {"filter": "config.lr > 0.01", "metric": "acc"}).json()
    assert answer["columns"]["id"] == ["fast"]
    assert answer["columns"]["value"] == [0.75]
    assert (answer["total"], answer["matching"]) == (2, 1)


def test_columns_of_single_runs_still_obey_the_filter(project: Project, vera: Client) -> None:
    for name in ("a", "b", "c"):
        make_run(project, name=name, config={"lr": 0.1 if name == "a" else 0.001})
    answer = vera.get(COLUMNS, {"filter": "config.lr > 0.01", "only": "a,b"}).json()
    assert answer["columns"]["id"] == ["a"]
    assert answer["total"] == 3


def test_a_result_that_is_no_number_is_null(project: Project, vera: Client) -> None:
    make_run(project, summary={"loss": float("nan"), "note": "fine"})
    assert vera.get(COLUMNS, {"metric": "loss"}).json()["columns"]["value"] == [None]
    assert vera.get(COLUMNS, {"metric": "note"}).json()["columns"]["value"] == [None]
    assert vera.get(COLUMNS, {"metric": "unknown"}).json()["columns"]["value"] == [None]


def test_a_filter_that_cannot_be_understood_names_its_field(project: Project, vera: Client) -> None:
    answer = vera.get(COLUMNS, {"filter": "config.lr >"})
    assert answer.status_code == 400
    assert answer.json()["field"] == "filter"
    assert answer.json()["error"]


def test_columns_never_hold_another_projects_runs(project: Project, people: People, vera: Client) -> None:
    other = make_project(people.team, people.bob, "other")
    make_run(other, name="elsewhere")
    make_run(project, name="here")
    assert vera.get(COLUMNS, {"only": "elsewhere,here"}).json()["columns"]["id"] == ["here"]


def test_the_table_shows_the_settings_that_differ(project: Project, vera: Client) -> None:
    make_run(project, name="a", config={"lr": 0.1, "model": "vit"}, summary={"val/loss": 0.123456789})
    make_run(project, name="b", config={"lr": 0.2, "model": "vit"})
    answer = vera.get(TABLE)
    assert [column.name for column in answer.context["table"].columns] == ["config.lr", "summary.val/loss"]
    assert "0.1235" in answer.content.decode()


def test_the_table_shows_the_columns_chosen_in_the_order_asked_for(project: Project, vera: Client) -> None:
    for name, loss in (("a", 0.3), ("b", 0.1), ("c", 0.2)):
        make_run(project, name=name, summary={"val/loss": loss})
    answer = vera.get(TABLE, {"column": "summary.val/loss", "sort": "summary.val/loss"})
    assert [row.run.name for row in answer.context["table"].rows] == ["b", "c", "a"]
    falling = vera.get(answer.context["table"].columns[0].address.replace("?", f"{TABLE}?", 1))
    assert [row.run.name for row in falling.context["table"].rows] == ["a", "c", "b"]


def test_the_table_says_what_is_wrong_with_a_filter_and_shows_all(project: Project, vera: Client) -> None:
    make_run(project, name="a")
    answer = vera.get(TABLE, {"filter": "config.lr >"})
    assert answer.status_code == 400
    assert answer.context["error"]
    assert len(answer.context["table"].rows) == 1


def test_a_table_without_matches_offers_the_way_back(project: Project, vera: Client) -> None:
    make_run(project, name="a")
    page = vera.get(TABLE, {"filter": "state = failed"}).content.decode()
    assert "No run matches the filter" in page
    assert "Show all runs" in page
