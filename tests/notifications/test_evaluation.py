"""Metric rules are judged while lines are written, and each crossing is one event however the lines arrive."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import connection
from time_machine import Traveller

from notifications import rules
from notifications.evaluation import QUIET
from notifications.models import Rule, RuleState
from tests.factories import log_metrics, make_project, make_run
from tests.notifications.conftest import Lab
from tracking import ingest
from tracking.events import METRIC_CROSSED
from tracking.models import Event, Run

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


def crossings() -> list[Event]:
    return list(Event.objects.filter(kind=METRIC_CROSSED).order_by("id"))


def test_a_crossing_becomes_an_event_that_tells_all(lab: Lab) -> None:
    rule = lab.rule_when("val/loss", ">", 0.5)
    run = make_run(lab.project)
    log_metrics(run, [{"val/loss": 0.4}, {"val/loss": 0.6}, {"val/loss": 0.7}])
    (event,) = crossings()
    assert event.run == run
    assert event.payload == {
        "rule": rule.pk,
        "metric": "val/loss",
        "value": 0.6,
        "threshold": 0.5,
        "comparison": ">",
        "step": 1,
        "stream": "history",
        "crossings": 1,
    }
    assert event.key == f"rule:{rule.pk}:v1:run:{run.pk}:history:1"


def test_what_was_true_stays_true_over_requests(lab: Lab, clock: Traveller) -> None:
    lab.rule_when("loss", ">", 0.5)
    run = make_run(lab.project)
    for line, loss in enumerate([0.6, 0.7, 0.1, 0.9]):
        log_metrics(run, [{"loss": loss}], offset=line)
        clock.shift(QUIET)
    assert [event.payload["value"] for event in crossings()] == [0.6, 0.9]


def test_a_noisy_metric_is_told_once_a_request_with_how_often_it_crossed(lab: Lab) -> None:
    lab.rule_when("loss", ">", 0.5)
    log_metrics(make_run(lab.project), [{"loss": 0.4}, {"loss": 0.6}] * 5000)
    (event,) = crossings()
    assert (event.payload["step"], event.payload["crossings"]) == (1, 5000)


def test_a_rule_that_fired_is_quiet_for_a_while_but_follows_the_run(lab: Lab, clock: Traveller) -> None:
    lab.rule_when("loss", ">", 0.5)
    run = make_run(lab.project)
    log_metrics(run, [{"loss": 0.6}, {"loss": 0.1}])
    clock.shift(QUIET / 2)
    log_metrics(run, [{"loss": 0.7}], offset=2)
    clock.shift(QUIET)
    log_metrics(run, [{"loss": 0.8}, {"loss": 0.1}, {"loss": 0.9}], offset=3)
    assert [event.payload["value"] for event in crossings()] == [0.6, 0.9]


def test_lines_that_are_sent_again_fire_nothing(lab: Lab, clock: Traveller) -> None:
    lab.rule_when("loss", ">", 0.5)
    run = make_run(lab.project)
    for _retry in range(3):
        log_metrics(run, [{"loss": 0.6}, {"loss": 0.1}, {"loss": 0.8}])
        clock.shift(QUIET)
    assert [event.payload["value"] for event in crossings()] == [0.6]


def test_each_run_is_judged_by_itself(lab: Lab) -> None:
    lab.rule_when("loss", ">", 0.5)
    for name in ("first", "second"):
        log_metrics(make_run(lab.project, name=name), [{"loss": 0.6}])
    assert {event.run.name for event in crossings() if event.run} == {"first", "second"}


def test_machine_metrics_count_and_have_a_memory_of_their_own(lab: Lab) -> None:
    lab.rule_when("system.cpu", ">", 90)
    run = make_run(lab.project)
    ingest.log_system(run=run, offset=0, lines=[json.dumps({"system.cpu": 95})])
    log_metrics(run, [{"system.cpu": 96}])
    assert [event.payload["stream"] for event in crossings()] == ["system", "history"]


def test_an_infinite_value_is_stored_as_a_word(lab: Lab) -> None:
    lab.rule_when("loss", ">", 0.5)
    ingest.log_history(run=make_run(lab.project), offset=0, lines=['{"loss": Infinity}'])
    assert [event.payload["value"] for event in crossings()] == ["inf"]


def test_a_new_rule_is_seen_by_a_process_that_has_cached_the_others(lab: Lab) -> None:
    run = make_run(lab.project)
    log_metrics(run, [{"loss": 0.6}])
    lab.rule_when("loss", ">", 0.5)
    log_metrics(run, [{"loss": 0.7}], offset=1)
    lab.rule_when("loss", ">", 0.6)
    log_metrics(run, [{"loss": 0.8}], offset=2)
    assert [event.payload["threshold"] for event in crossings()] == [0.5, 0.6]


def test_an_edited_rule_starts_afresh(lab: Lab) -> None:
    rule = lab.rule_when("loss", ">", 0.5)
    run = make_run(lab.project)
    log_metrics(run, [{"loss": 0.6}])
    wish = rules.Wish(trigger="metric", metric="loss", comparison=">", threshold=0.55)
    rules.update_rule(rule=rule, user=lab.people.bob, wish=wish)
    log_metrics(run, [{"loss": 0.6}], offset=1)
    assert [event.payload["threshold"] for event in crossings()] == [0.5, 0.55]


def test_a_rule_that_breaks_is_marked_and_the_others_go_on(lab: Lab) -> None:
    broken = lab.rule_when("loss", ">", 0.5)
    lab.rule_when("loss", ">", 0.55)
    Rule.objects.filter(pk=broken.pk).update(comparison="≈")
    log_metrics(make_run(lab.project), [{"loss": 0.6}])
    broken.refresh_from_db()
    assert broken.error == "KeyError: '≈'"
    assert [event.payload["threshold"] for event in crossings()] == [0.55]


def test_odd_numbers_neither_fail_ingestion_nor_silence_the_rules_of_the_same_lines(lab: Lab) -> None:
    lab.rule_when("count", ">", 0.5)
    lab.rule_when("loss", ">", 0.5)
    odd = ['{"count": 1%s, "loss": 0.1}' % ("0" * 400), '{"loss": 0.6, "_step": Infinity}']
    ingest.log_history(run=make_run(lab.project), offset=0, lines=odd)
    assert [(event.payload["value"], event.payload["step"]) for event in crossings()] == [(0.6, 1)]


def test_a_paused_rule_fires_nothing(lab: Lab) -> None:
    rule = lab.rule_when("loss", ">", 0.5)
    rules.set_enabled(rule=rule, user=lab.people.bob, is_enabled=False)
    run = make_run(lab.project)
    log_metrics(run, [{"loss": 0.6}])
    assert crossings() == []


def test_a_rule_of_another_project_fires_nothing(lab: Lab) -> None:
    other = Lab(lab.people, make_project(lab.people.team, name="other"))
    other.rule_when("loss", ">", 0.5)
    log_metrics(make_run(lab.project), [{"loss": 0.6}])
    assert crossings() == []


def test_a_metric_nobody_watches_leaves_no_state(lab: Lab) -> None:
    lab.rule_when("loss", ">", 0.5)
    log_metrics(make_run(lab.project), [{"accuracy": 0.6}])
    assert RuleState.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_fire_once(committed_lab: Lab) -> None:
    from_many = 6
    committed_lab.rule_when("loss", ">", 0.5)
    run = make_run(committed_lab.project)
    log_metrics(run, [{"loss": 0.1}])
    start = threading.Barrier(from_many)

    def write() -> None:
        mine = Run.objects.get(pk=run.pk)
        start.wait()
        log_metrics(mine, [{"loss": 0.6}, {"loss": 0.7}], offset=1)
        connection.close()

    threads = [threading.Thread(target=write) for _number in range(from_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.payload["value"] for event in crossings()] == [0.6]
