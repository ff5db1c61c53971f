"""The verbs that change a run: what they do, and that saying a thing twice changes nothing."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from tests.factories import log_metrics, make_project, make_run
from tests.people import People, make_people
from tracking import console, events, history, ingest, leftovers
from tracking.ingest import RunFacts
from tracking.models import Event, Project, Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return make_people()


@pytest.fixture
def project(people: People) -> Project:
    return make_project(people.team, people.alice)


@pytest.fixture
def run(project: Project, people: People) -> Run:
    return make_run(project, people.alice)


def kinds(run: Run) -> list[str]:
    return list(Event.objects.filter(run=run).order_by("id").values_list("kind", flat=True))


def test_a_run_without_a_name_gets_one_that_ends_with_its_number(project: Project, people: People) -> None:
    first, second = make_run(project, name="a"), make_run(project, name="b")
    assert first.display_name.endswith("-1")
    assert second.display_name.endswith("-2")


def test_starting_a_known_run_again_is_no_new_run_and_no_new_event(project: Project) -> None:
    first = make_run(project, name="a", display_name="first")
    again, is_new = ingest.start_run(project=project, name="a", user=None, facts=RunFacts(notes="hello"))
    assert not is_new
    assert again.pk == first.pk
    assert (again.display_name, again.notes) == ("first", "hello")
    assert kinds(again) == [events.RUN_STARTED]


def test_what_a_client_does_not_say_stays(run: Run) -> None:
    ingest.update_run(run=run, facts=RunFacts(config='{"lr":{"value":0.1}}', tags=["a"]))
    ingest.update_run(run=run, facts=RunFacts(notes="n"))
    run.refresh_from_db()
    assert (run.config, run.tags, run.notes) == ('{"lr":{"value":0.1}}', ["a"], "n")


def test_an_update_that_changes_nothing_does_not_move_the_revision(run: Run) -> None:
    ingest.update_run(run=run, facts=RunFacts(notes="n"))
    run.refresh_from_db()
    before = run.revision
    ingest.update_run(run=run, facts=RunFacts(notes="n"))
    run.refresh_from_db()
    assert run.revision == before


def test_an_empty_display_name_does_not_erase_the_invented_one(run: Run) -> None:
    name = run.display_name
    ingest.update_run(run=run, facts=RunFacts(display_name=""))
    run.refresh_from_db()
    assert run.display_name == name


@pytest.mark.parametrize("name", ["", " a", "a ", "a/b", "a:b", "a?b", "a#b", "x" * 513])
def test_an_impossible_run_id_is_refused_and_leaves_no_trace(project: Project, name: str) -> None:
    with pytest.raises(ValidationError) as problem:
        make_run(project, name=name)
    assert "name" in problem.value.message_dict
    assert not Run.objects.exists()


def test_history_lines_sent_twice_are_there_once(run: Run) -> None:
    log_metrics(run, [{"loss": 1.0}, {"loss": 0.5}])
    log_metrics(run, [{"loss": 1.0}, {"loss": 0.5}, {"loss": 0.25}])
    assert [row["loss"] for _line, row in history.rows(run.pk)] == [1.0, 0.5, 0.25]
    assert history.next_line(run.pk) == 3


def test_a_console_line_written_again_replaces_the_earlier_text(run: Run) -> None:
    ingest.log_console(run=run, offset=0, lines=[console.Line("epoch 1: 10 %"), console.Line("next")])
    ingest.log_console(run=run, offset=0, lines=[console.Line("epoch 1: 90 %")])
    assert [line.text for _number, line in console.read(run.pk, 0, 10)] == ["epoch 1: 90 %", "next"]
    assert console.next_line(run.pk) == 2


def test_exit_code_zero_is_finished_and_anything_else_failed(project: Project) -> None:
    good, bad = make_run(project, name="good"), make_run(project, name="bad")
    ingest.finish_run(run=good, exit_code=0)
    ingest.finish_run(run=bad, exit_code=3)
    assert (good.state, kinds(good)[-1]) == (Run.State.FINISHED, events.RUN_FINISHED)
    assert (bad.state, bad.exit_code, kinds(bad)[-1]) == (Run.State.FAILED, 3, events.RUN_FAILED)


def test_finishing_twice_is_one_fact(run: Run) -> None:
    ingest.finish_run(run=run, exit_code=0)
    ended_at = run.ended_at
    ingest.finish_run(run=run, exit_code=0)
    run.refresh_from_db()
    assert run.ended_at == ended_at
    assert kinds(run) == [events.RUN_STARTED, events.RUN_FINISHED]


def test_a_resumed_run_that_ends_again_is_a_new_fact(run: Run) -> None:
    ingest.finish_run(run=run, exit_code=1)
    ingest.start_process(run=run)
    assert run.state == Run.State.RUNNING
    ingest.finish_run(run=run, exit_code=1)
    assert kinds(run) == [events.RUN_STARTED, events.RUN_FAILED, events.RUN_RESUMED, events.RUN_FAILED]


def test_a_run_that_was_asked_to_stop_is_killed_not_failed(run: Run) -> None:
    ingest.stop_run(run=run)
    ingest.finish_run(run=run, exit_code=255)
    assert run.state == Run.State.KILLED


def test_a_preempted_run_is_not_failed(run: Run) -> None:
    ingest.mark_preempting(run=run)
    ingest.finish_run(run=run, exit_code=1)
    assert run.state == Run.State.PREEMPTED
    assert events.RUN_FAILED not in kinds(run)


def test_a_preempted_run_that_goes_on_and_fails_has_failed(run: Run) -> None:
    ingest.mark_preempting(run=run)
    ingest.finish_run(run=run, exit_code=1)
    ingest.start_process(run=run)
    ingest.finish_run(run=run, exit_code=1)
    assert (run.state, kinds(run)[-1]) == (Run.State.FAILED, events.RUN_FAILED)


def test_a_heartbeat_does_not_bring_back_a_run_that_ended(run: Run) -> None:
    ingest.finish_run(run=run, exit_code=0)
    ingest.heartbeat(run=run)
    assert (run.state, kinds(run)) == (Run.State.FINISHED, [events.RUN_STARTED, events.RUN_FINISHED])


def test_a_requeued_run_that_ends_the_same_way_is_a_new_fact(run: Run) -> None:
    for _life in range(2):
        ingest.finish_run(run=run, exit_code=1)
        ingest.set_state(run=run, state=Run.State.PENDING)
        ingest.heartbeat(run=run)
    ingest.finish_run(run=run, exit_code=1)
    assert kinds(run) == [events.RUN_STARTED, *[events.RUN_FAILED] * 3]


def test_a_stop_asked_of_one_process_does_not_concern_the_next(run: Run) -> None:
    ingest.stop_run(run=run)
    ingest.start_process(run=run)
    run.refresh_from_db()
    assert (run.state, run.stop_requested) == (Run.State.RUNNING, False)


def test_the_same_alert_title_within_its_wait_is_dropped(run: Run) -> None:
    def alert(title: str) -> bool:
        return ingest.raise_alert(run=run, title=title, text="", level="WARN", wait_seconds=60)

    assert alert("loss is high")
    assert not alert("loss is high")
    assert alert("another")
    assert kinds(run).count(events.ALERT_RAISED) == 2


def test_deleting_a_run_takes_its_history_and_console_along(run: Run) -> None:
    log_metrics(run, [{"loss": 1.0}])
    ingest.log_console(run=run, offset=0, lines=[console.Line("x")])
    pk = run.pk
    ingest.delete_run(run=run)
    leftovers.forget_deleted_runs()
    assert history.next_line(pk) == 0
    assert console.next_line(pk) == 0
