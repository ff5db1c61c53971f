"""Figures and metric names for the browser."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from django.test import Client

from tests.factories import log_metrics, make_project, make_run
from tests.people import People, make_people
from tracking import ingest
from tracking.models import Project

pytestmark = pytest.mark.django_db

FIGURE = "/vision-lab/image-ablations/figure"
METRICS = "/vision-lab/image-ablations/metrics.json"


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


def header_of(body: bytes) -> dict[str, Any]:
    length = struct.unpack("<I", body[:4])[0]
    return json.loads(body[4 : 4 + length])  # type: ignore[no-any-return]


def test_a_figure_draws_the_runs_asked_for(project: Project, vera: Client) -> None:
    for name in ("one", "two", "three"):
        log_metrics(make_run(project, name=name), [{"loss": 1.0}, {"loss": 0.5}])
    answer = vera.get(FIGURE, {"metric": "loss", "runs": "one, three"})
    assert answer["Cache-Control"] == "private, no-cache"
    header = header_of(answer.content)
    assert {curve["run"] for curve in header["curves"]} == {"one", "three"}
    assert header["points"] == 2


def test_a_figure_is_not_sent_again_until_a_run_moves(project: Project, vera: Client) -> None:
    run = make_run(project)
    log_metrics(run, [{"loss": 1.0}])
    first = vera.get(FIGURE, {"metric": "loss"})
    again = {"if-none-match": first["ETag"]}
    assert vera.get(FIGURE, {"metric": "loss"}, headers=again).status_code == 304
    log_metrics(run, [{"loss": 0.5}], offset=1)
    moved = vera.get(FIGURE, {"metric": "loss"}, headers=again)
    assert moved.status_code == 200
    assert moved["ETag"] != first["ETag"]


def test_another_question_has_another_version(project: Project, vera: Client) -> None:
    log_metrics(make_run(project), [{"loss": 1.0}])
    versions = {vera.get(FIGURE, {"metric": "loss", "smooth": smooth})["ETag"] for smooth in ("0", "0.5", "0.9")}
    assert len(versions) == 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "metrics"),
        ({"metric": "loss", "smooth": "2"}, "smooth"),
        ({"metric": "loss", "scale": "cubic"}, "scale"),
        ({"metric": "loss", "runs": "config.lr >"}, "runs"),
        ({"metric": "loss", "start": "soon"}, "start"),
        ({"metric": "loss", "width": "wide"}, "width"),
        ({"metric": "loss", "limit": "0"}, "limit"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_field(
    project: Project, vera: Client, query: dict[str, str], field: str
) -> None:
    answer = vera.get(FIGURE, query)
    assert answer.status_code == 400
    assert answer.json()["field"] == field
    assert answer.json()["error"]


def test_a_figure_never_holds_another_projects_runs(project: Project, people: People, vera: Client) -> None:
    other = make_project(people.team, people.bob, "other", visibility="private")
    log_metrics(make_run(other, name="hidden"), [{"loss": 1.0}])
    log_metrics(make_run(project, name="here"), [{"loss": 1.0}])
    header = header_of(vera.get(FIGURE, {"metric": "loss", "runs": "hidden, here"}).content)
    assert [curve["run"] for curve in header["curves"]] == ["here"]


def test_metrics_are_counted_over_the_runs_asked_for(project: Project, vera: Client) -> None:
    one, two = make_run(project, name="one"), make_run(project, name="two")
    log_metrics(one, [{"loss": 1.0, "note": "text"}, {"loss": 0.5}])
    log_metrics(two, [{"loss": 1.0, "acc": 0.1}])
    ingest.log_system(run=two, offset=0, lines=['{"_timestamp": 1, "_runtime": 0, "system.cpu": 40.0}'])
    assert vera.get(METRICS).json() == {
        "history": [["acc", 1, 1], ["loss", 2, 3]],
        "system": [["system.cpu", 1, 1]],
    }
    assert vera.get(METRICS, {"runs": "one,"}).json() == {"history": [["loss", 1, 2]], "system": []}


def test_metrics_of_a_query_that_cannot_be_understood_are_refused(project: Project, vera: Client) -> None:
    answer = vera.get(METRICS, {"runs": "("})
    assert (answer.status_code, answer.json()["field"]) == (400, "runs")


@pytest.mark.parametrize("path", [FIGURE, METRICS])
def test_a_stranger_draws_nothing(project: Project, people: People, path: str) -> None:
    client = Client()
    client.force_login(people.charlie)
    assert client.get(path, {"metric": "loss"}).status_code == 404
