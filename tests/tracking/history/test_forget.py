"""The history of a run goes with the run, however it went."""

import pytest

from teams import accounts
from tests.factories import log_metrics, make_project, make_run
from tests.people import make_people
from tracking import history, ingest, projects, tasks

pytestmark = pytest.mark.django_db


def test_deleting_a_run_frees_its_history_and_no_other() -> None:
    project = make_project(make_people().team)
    runs = [make_run(project, name=name) for name in ("one", "two")]
    keys = [run.pk for run in runs]
    for run in runs:
        log_metrics(run, [{"loss": 1}, {"loss": 2}])
    ingest.delete_run(run=runs[0])
    tasks.forget_deleted_runs()
    assert history.run_ids() == {keys[1]}
    assert [history.next_line(key) for key in keys] == [0, 2]


def test_deleting_a_project_frees_the_history_of_its_runs() -> None:
    project = make_project(make_people().team)
    run = make_run(project)
    log_metrics(run, [{"loss": 1}])
    history.compact(run.pk, history.HISTORY)
    projects.delete(project=project, user=None)
    tasks.forget_deleted_runs()
    assert history.run_ids() == set()


def test_deleting_a_team_frees_the_history_of_its_runs_and_no_other() -> None:
    people = make_people()
    kept = make_run(make_project(accounts.create_team(name="another-lab", owner=people.alice)))
    gone = make_run(make_project(people.team))
    for run in (kept, gone):
        log_metrics(run, [{"loss": 1}])
    accounts.delete_team(team=people.team)
    assert tasks.forget_deleted_runs() == 1
    assert history.run_ids() == {kept.pk}
