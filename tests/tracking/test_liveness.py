"""Runs whose heartbeats stop have crashed, unless it was us who were away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_project, make_run
from tests.people import make_people
from tracking import events, ingest, liveness
from tracking.models import Event, LivenessWatch, Project, Run

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


@pytest.fixture
def project() -> Project:
    people = make_people()
    return make_project(people.team, people.alice)


def silent_run(project: Project, seconds: float, name: str = "silent") -> Run:
    run = make_run(project, name=name)
    Run.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - timedelta(seconds=seconds))
    return run


def accepting(since: float, until: float = 0) -> None:
    """Web processes accepted heartbeats from `since` to `until`, both in seconds before now."""
    now = timezone.now()
    seen = {"accepted_at": now - timedelta(seconds=until), "accepting_since": now - timedelta(seconds=since)}
    LivenessWatch.objects.update_or_create(pk=1, defaults={"looked_at": now, **seen})


def test_a_silent_run_has_crashed_once(project: Project) -> None:
    run = silent_run(project, 301)
    accepting(since=3600)
    assert liveness.mark_crashed() == 1
    assert liveness.mark_crashed() == 0
    run.refresh_from_db()
    assert run.state == Run.State.CRASHED
    assert run.ended_at == run.heartbeat_at
    assert Event.objects.filter(run=run, kind=events.RUN_CRASHED).count() == 1


def test_a_run_that_was_heard_of_lately_lives(project: Project) -> None:
    run = silent_run(project, 299)
    accepting(since=3600)
    assert liveness.mark_crashed() == 0
    run.refresh_from_db()
    assert run.state == Run.State.RUNNING


def test_after_an_outage_of_ours_nobody_is_taken_for_dead(project: Project) -> None:
    silent_run(project, 4000)
    accepting(since=7200, until=3600)
    liveness.accept()  # the web process is back
    assert liveness.mark_crashed() == 0
    accepting(since=301)
    assert liveness.mark_crashed() == 1


def test_while_no_web_process_accepts_nobody_is_taken_for_dead(project: Project) -> None:
    """The sweeps go on all the time: that alone proves nothing."""
    silent_run(project, 299 + 600)
    accepting(since=7200, until=600)
    assert [liveness.mark_crashed() for _sweep in range(3)] == [0, 0, 0]


def test_a_late_sweep_takes_the_dead_for_dead_at_once(project: Project) -> None:
    """Busy workers put the look off, not the judgement."""
    silent_run(project, 301)
    accepting(since=3600)
    LivenessWatch.objects.update(looked_at=timezone.now() - timedelta(minutes=20))
    assert liveness.mark_crashed() == 1


def test_one_web_process_of_several_is_enough(project: Project) -> None:
    accepting(since=3600, until=30)
    liveness.accept()
    watch = LivenessWatch.objects.get()
    assert watch.accepting_since < timezone.now() - timedelta(minutes=59)
    assert watch.accepted_at > timezone.now() - timedelta(seconds=10)


def test_the_first_sweep_of_a_new_server_finds_nobody_dead(project: Project) -> None:
    silent_run(project, 4000)
    assert liveness.mark_crashed() == 0
    liveness.accept()
    assert liveness.mark_crashed() == 0


def test_a_crashed_run_that_speaks_again_is_running(project: Project) -> None:
    run = silent_run(project, 301)
    accepting(since=3600)
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
