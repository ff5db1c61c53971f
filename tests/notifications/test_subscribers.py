"""From an event to delivery rows: one for every rule it fires and every channel of that rule, however often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import channel_settings, rules
from notifications.models import Delivery
from notifications.subscribers import on_event
from tests.factories import log_metrics, make_project, make_run
from tests.notifications.conftest import Lab
from tracking import events, ingest
from tracking.models import Event, Run

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


def finish(run: Run, exit_code: int = 0) -> None:
    ingest.finish_run(run=run, exit_code=exit_code)
    events.dispatch()


def test_each_channel_of_each_rule_gets_one_delivery(lab: Lab) -> None:
    one, other = lab.email("a@example.org", "one"), lab.email("b@example.org", "other")
    lab.rule_on("failed", channels=[one, other])
    lab.rule_on("failed", "crashed", channels=[one])
    finish(make_run(lab.project), exit_code=1)
    assert sorted(Delivery.objects.values_list("channel__name", flat=True)) == ["one", "one", "other"]


def test_an_event_that_is_dispatched_again_adds_nothing(lab: Lab) -> None:
    lab.rule_on("finished", channels=[lab.email()])
    finish(make_run(lab.project))
    for event in Event.objects.all():
        on_event(event)
    Event.objects.update(dispatched_at=None, claimed_until=None)
    events.dispatch()
    assert Delivery.objects.count() == 1


def test_a_finish_that_is_reported_again_adds_nothing(lab: Lab) -> None:
    lab.rule_on("finished", channels=[lab.email()])
    run = make_run(lab.project)
    finish(run)
    finish(Run.objects.get(pk=run.pk))
    assert Delivery.objects.count() == 1


def test_a_run_that_is_resumed_and_ends_again_is_told_again(lab: Lab) -> None:
    lab.rule_on("finished", channels=[lab.email()])
    run = make_run(lab.project)
    finish(run)
    ingest.start_process(run=run)
    finish(run)
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize(("exit_code", "expected"), [(0, ["finished"]), (1, ["failed"])])
def test_a_rule_hears_only_of_the_endings_it_names(lab: Lab, exit_code: int, expected: list[str]) -> None:
    for state in ("finished", "failed", "crashed", "killed"):
        lab.rule_on(state, name=state, channels=[lab.email(name=state)])
    finish(make_run(lab.project), exit_code=exit_code)
    assert list(Delivery.objects.values_list("rule__name", flat=True)) == expected


def test_a_crash_is_told(lab: Lab) -> None:
    lab.rule_on("crashed", channels=[lab.email()])
    run = make_run(lab.project)
    long_ago = timezone.now() - timedelta(hours=1)
    Run.objects.filter(pk=run.pk).update(heartbeat_at=long_ago)
    assert ingest.crash_run(run=run, silent_since=long_ago)
    events.dispatch()
    assert Delivery.objects.count() == 1


def test_a_crossing_reaches_its_own_rule_only(lab: Lab) -> None:
    channel = lab.email()
    mine = lab.rule_when("loss", ">", 0.5, [channel])
    lab.rule_when("loss", ">", 0.9, [channel])
    lab.rule_on("finished", channels=[channel])
    log_metrics(make_run(lab.project), [{"loss": 0.6}])
    events.dispatch()
    assert [delivery.rule for delivery in Delivery.objects.all()] == [mine]


def test_a_paused_channel_gets_a_row_that_says_why_nothing_was_sent(lab: Lab) -> None:
    channel = lab.email()
    lab.rule_on("finished", channels=[channel])
    channel_settings.pause_channel(channel=channel, user=lab.people.adam)
    finish(make_run(lab.project))
    delivery = Delivery.objects.get()
    assert delivery.state == Delivery.State.SKIPPED
    assert delivery.reason == "The channel is paused: adam paused it."


def test_a_rule_that_is_paused_or_of_another_project_is_told_nothing(lab: Lab) -> None:
    channel = lab.email()
    paused = lab.rule_on("finished", channels=[channel])
    rules.set_enabled(rule=paused, user=lab.people.bob, is_enabled=False)
    Lab(lab.people, make_project(lab.people.team, name="other")).rule_on("finished", channels=[channel])
    finish(make_run(lab.project))
    assert Delivery.objects.count() == 0
