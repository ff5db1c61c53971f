"""A run or a project that is deleted while its script logs goes whole, on both engines."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tests.factories import log_metrics, make_project, make_run
from tests.people import make_people
from tests.servers import wait_for
from tracking import console, events, ingest, projects
from tracking.models import ConsoleLine, Event, Project, Run

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def run() -> Run:
    people = make_people()
    run = make_run(make_project(people.team, people.alice), people.alice)
    log_metrics(run, [{"loss": 1.0}])
    ingest.log_console(run=run, offset=0, lines=[console.Line("hello")])
    return run


class Deletion(threading.Thread):
    """Deletes on a connection of its own and keeps what it raised."""

    def __init__(self, delete: Callable[[], None]) -> None:
        super().__init__()
        self.delete = delete
        self.problem: Exception | None = None

    def run(self) -> None:
        try:
            self.delete()
        except Exception as problem:
            self.problem = problem
        finally:
            connection.close()

    def waits(self) -> bool:
        """Whether it waits for a lock; SQLite lets nobody look, and nobody in."""
        if connection.vendor == "sqlite":
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return bool(cursor.fetchone()[0])


def while_its_script_logs(run: Run, delete: Callable[[], None]) -> Exception | None:
    """Delete while a request is half way through storing lines and an event of the run; what went wrong."""
    deletion = Deletion(delete)
    with transaction.atomic():
        Run.objects.select_for_update().get(pk=run.pk)
        deletion.start()
        wait_for(deletion.waits, "the deletion to wait", patience=20)
        ingest.log_console(run=run, offset=1, lines=[console.Line("still here")])
        events.record(events.ALERT_RAISED, "while it is deleted", project=run.project, run=run)
    deletion.join()
    return deletion.problem


def test_a_run_can_be_deleted_while_its_script_logs(run: Run) -> None:
    assert while_its_script_logs(run, lambda: ingest.delete_run(run=Run.objects.get(pk=run.pk))) is None
    assert (Run.objects.count(), ConsoleLine.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_a_project_can_be_deleted_while_its_scripts_log(run: Run) -> None:
    project = Project.objects.get(pk=run.project_id)
    assert while_its_script_logs(run, lambda: projects.delete(project=project, user=None)) is None
    assert (Project.objects.count(), ConsoleLine.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_a_run_that_is_deleted_twice_is_deleted(run: Run) -> None:
    again = Run.objects.get(pk=run.pk)
    ingest.delete_run(run=run)
    ingest.delete_run(run=again)
    assert Run.objects.count() == 0
