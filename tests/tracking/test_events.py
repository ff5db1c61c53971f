"""Events are recorded once, dispatched once, and a subscriber that fails is tried again later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests.factories import make_project
from tests.people import make_people
from tracking import events
from tracking.models import Event, Project

pytestmark = pytest.mark.django_db

heard: list[int] = []
broken = False


def hear(event: Event) -> None:
    Project.objects.filter(pk=event.project_id).update(description=f"heard {event.pk}")
    if broken:
        raise RuntimeError("subscriber trouble")
    heard.append(event.pk)


@pytest.fixture(autouse=True)
def subscribed(settings: Settings) -> Iterator[None]:
    global broken
    settings.EVENT_SUBSCRIBERS = [f"{__name__}.hear"]
    events.subscribers.cache_clear()
    heard.clear()
    broken = False
    yield
    events.subscribers.cache_clear()


@pytest.fixture
def project() -> Project:
    people = make_people()
    return make_project(people.team, people.alice)


def record(project: Project, key: str = "k") -> bool:
    return events.record("test.fact", key, project=project)


def test_one_fact_is_one_row(project: Project) -> None:
    assert record(project)
    assert not record(project)
    assert Event.objects.count() == 1


def test_a_dispatched_event_is_not_dispatched_again(project: Project) -> None:
    record(project)
    assert events.dispatch() == 1
    assert events.dispatch() == 0
    assert len(heard) == 1


def test_a_claimed_event_is_left_to_its_claimer_until_the_lease_ends(project: Project) -> None:
    record(project)
    Event.objects.update(claimed_until=timezone.now() + timedelta(seconds=30))
    assert events.dispatch() == 0
    Event.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert events.dispatch() == 1


def test_a_subscriber_that_fails_leaves_nothing_behind_and_is_tried_again(project: Project) -> None:
    global broken
    broken = True
    record(project)
    assert events.dispatch() == 0
    event = Event.objects.get()
    assert event.dispatched_at is None
    assert event.error == "RuntimeError: subscriber trouble"
    project.refresh_from_db()
    assert project.description == ""
    broken = False
    Event.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert events.dispatch() == 1
    event.refresh_from_db()
    assert (event.error, event.attempts) == ("", 2)


def test_one_bad_event_does_not_hold_up_the_next(project: Project) -> None:
    record(project, "first")
    record(project, "second")
    Event.objects.filter(key="first").update(attempts=events.GIVE_UP_AFTER)
    assert events.dispatch() == 1
    assert heard == [Event.objects.get(key="second").pk]


def test_many_facts_cost_as_many_queries_as_one(project: Project, django_assert_num_queries: Any) -> None:
    def facts() -> list[Event]:
        return [Event(kind=events.METRIC_CROSSED, key=f"fact {number % 90}", project=project) for number in range(100)]

    with django_assert_num_queries(2):
        assert events.record_all(facts()) == 90
    with django_assert_num_queries(1):
        assert events.record_all(facts()) == 0
    assert events.record_all([]) == 0
