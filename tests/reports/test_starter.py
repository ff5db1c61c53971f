import pytest

from reports import document, starter
from tests.factories import log_metrics, make_project, make_run
from tests.people import make_people, principal

pytestmark = pytest.mark.django_db


def test_metrics_worth_a_chart_come_first() -> None:
    people = make_people()
    project = make_project(people.team, people.alice)
    for name in ("one", "two"):
        rows = [{"train/loss": step, "val/loss": step, "batch_size": 32, "note": "x"} for step in range(5)]
        log_metrics(make_run(project, name=name), rows)
    log_metrics(make_run(project, name="three"), [{"only/here": step} for step in range(50)])

    found = starter.metrics_of(project, principal(people.bob))

    assert found == ["val/loss", "train/loss", "batch_size", "only/here"]


def test_the_metrics_of_runs_one_may_not_see_are_not_offered() -> None:
    people = make_people()
    project = make_project(people.team, people.alice, visibility="private")
    log_metrics(make_run(project), [{"secret": 1.0}])

    assert starter.metrics_of(project, principal(people.bob)) == []


def test_a_metric_of_any_name_makes_a_chart_that_can_be_read_back() -> None:
    people = make_people()
    project = make_project(people.team, people.alice)
    names = ["a: b", "yes", "손실", "loss # of test", "[x]"]
    log_metrics(make_run(project), [dict.fromkeys(names, 1.0)])

    charts = document.read(starter.text_for(project, principal(people.bob))).charts

    assert len(charts) == starter.CHARTS
    assert {block.spec.metrics[0] for block in charts if block.spec} <= set(names)
    assert not any(block.error for block in charts)
