"""Runs whose heartbeats stop have crashed, unless it was us who were away."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import make_project, make_run
from tests.people import make_people
from tracking import events, ingest, liveness
from tracking.models import Event, LivenessWatch, Project, Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    people = make_people()
    return make_project(people.team, people.alice)


def silent_run(project: Project, seconds: float, name: str = "silent") -> Run:
    run = make_run(project, name=name)
    Run.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - timedelta(seconds=seconds))
    return run


def looking_since(moment: datetime) -> None:
    LivenessWatch.objects.update_or_create(pk=1, defaults={"looked_at": timezone.now(), "looking_since": moment})


def test_a_silent_run_has_crashed_once(project: Project) -> None:
    run = silent_run(project, 301)
    looking_since(timezone.now() - timedelta(hours=1))
    assert liveness.mark_crashed() == 1
    assert liveness.mark_crashed() == 0
    run.refresh_from_db()
    assert run.state == Run.State.CRASHED
    assert run.ended_at == run.heartbeat_at
    assert Event.objects.filter(run=run, kind=events.RUN_CRASHED).count() == 1


def test_a_run_that_was_heard_of_lately_lives(project: Project) -> None:
    run = silent_run(project, 299)
    looking_since(timezone.now() - timedelta(hours=1))
    assert liveness.mark_crashed() == 0
    run.refresh_from_db()
    assert run.state == Run.State.RUNNING


def test_after_an_outage_of_ours_nobody_is_taken_for_dead(project: Project) -> None:
    silent_run(project, 4000)
    hour_ago = timezone.now() - timedelta(hours=1)
    LivenessWatch.objects.create(pk=1, looked_at=hour_ago, looking_since=hour_ago - timedelta(hours=1))
    assert liveness.mark_crashed() == 0
    looking_since(timezone.now() - timedelta(seconds=301))
    assert liveness.mark_crashed() == 1


def test_a_crashed_run_that_speaks_again_is_running(project: Project) -> None:
    run = silent_run(project, 301)
    looking_since(timezone.now() - timedelta(hours=1))
    liveness.mark_crashed()
    run.refresh_from_db()
    ingest.heartbeat(run=run)
    run.refresh_from_db()
    assert run.state == Run.State.RUNNING
    assert run.ended_at is None


def test_a_heartbeat_between_the_look_and_the_mark_saves_the_run(project: Project) -> None:
    run = silent_run(project, 301)
    ingest.heartbeat(run=run)
    assert not ingest.crash_run(run=run, silent_since=timezone.now() - timedelta(seconds=300))
    run.refresh_from_db()
    assert run.state == Run.State.RUNNING
