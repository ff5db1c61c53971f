"""A watcher sees each new line once, and one that fails never fails ingestion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from django.db import OperationalError, transaction
from pytest_django import Settings

from tests.factories import log_metrics, make_project, make_run
from tests.people import make_people
from tracking import history, watchers
from tracking.models import Event, Run
from tracking.watchers import NewLines, Raised

pytestmark = pytest.mark.django_db

seen: list[tuple[int, float]] = []


def remember(lines: NewLines) -> Sequence[Raised]:
    seen.extend((lines.first_line + index, row["loss"]) for index, row in enumerate(lines.rows))
    return [Raised("metric.crossed", f"test:{lines.run.pk}:{lines.first_line}", {"seen": len(lines.rows)})]


def raise_too_much(lines: NewLines) -> Sequence[Raised]:
    Run.objects.filter(pk=lines.run.pk).update(notes="half done")
    return [Raised("metric.crossed", "what no column of JSON takes", {"seen": object()})]


def fail(lines: NewLines) -> Sequence[Raised]:
    Run.objects.filter(pk=lines.run.pk).update(notes="half done")
    raise RuntimeError("a broken rule")


def lose_the_database(lines: NewLines) -> Sequence[Raised]:
    raise OperationalError("deadlock detected")


@pytest.fixture(autouse=True)
def watched(settings: Settings) -> Iterator[None]:
    settings.WATCHERS = [f"{__name__}.{name}" for name in ("fail", "raise_too_much", "remember")]
    watchers.watchers.cache_clear()
    seen.clear()
    yield
    watchers.watchers.cache_clear()


@pytest.fixture
def run() -> Run:
    people = make_people()
    return make_run(make_project(people.team, people.alice))


def test_a_line_is_seen_once_however_often_it_is_sent(run: Run) -> None:
    log_metrics(run, [{"loss": 1.0}, {"loss": 0.5}])
    log_metrics(run, [{"loss": 1.0}, {"loss": 0.5}])
    log_metrics(run, [{"loss": 0.5}, {"loss": 0.25}], offset=1)
    assert seen == [(0, 1.0), (1, 0.5), (2, 0.25)]


def test_what_a_watcher_raises_is_an_event_of_the_run(run: Run) -> None:
    log_metrics(run, [{"loss": 1.0}, {"loss": 0.5}])
    assert Event.objects.get(run=run, kind="metric.crossed").payload == {"seen": 2}


def test_a_watcher_that_fails_loses_its_own_writes_and_nothing_else(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    log_metrics(run, [{"loss": 1.0}])
    run.refresh_from_db()
    assert run.notes == ""
    assert history.next_line(run.pk) == 1
    assert seen == [(0, 1.0)]
    assert caplog.text.count(f"on run {run.pk} line 0") == 2


def test_lines_are_not_stored_when_the_database_fails_a_watcher(run: Run, settings: Settings) -> None:
    """They are offered once: stored without it, what they cross would never be told."""
    settings.WATCHERS = [f"{__name__}.lose_the_database"]
    watchers.watchers.cache_clear()
    with pytest.raises(OperationalError), transaction.atomic():
        log_metrics(run, [{"loss": 1.0}])
    assert history.next_line(run.pk) == 0
