"""The first page."""

from __future__ import annotations

import pytest

from tests.factories import make_project, make_run
from tests.people import make_people
from tests.teams.browsers import browser_of
from tracking import ingest

pytestmark = pytest.mark.django_db


def test_a_newcomer_reads_which_lines_to_paste() -> None:
    people = make_people()
    page = browser_of(people.charlie).get("/").content.decode()
    assert "export WANDB_BASE_URL=http://testserver" in page
    assert "Get an API key" in page


def test_projects_stand_under_their_teams_with_the_last_run() -> None:
    people = make_people()
    project = make_project(people.team, people.alice)
    run = make_run(project, people.alice, display_name="calm-otter-1")
    ingest.finish_run(run=run, exit_code=1)
    page = browser_of(people.vera).get("/").content.decode()
    assert "image-ablations" in page
    assert "calm-otter-1" in page
    assert 'data-state="failed"' in page


def test_a_private_project_is_there_for_its_maker_and_the_admins_only() -> None:
    people = make_people()
    make_project(people.team, people.bob, name="salary-study", visibility="private")
    for user, sees in ((people.bob, True), (people.adam, True), (people.vera, False), (people.charlie, False)):
        assert ("salary-study" in browser_of(user).get("/").content.decode()) is sees, user


def test_the_number_of_queries_does_not_grow_with_the_projects(
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    people = make_people()
    for number in range(12):
        make_run(make_project(people.team, people.alice, name=f"project-{number}"), people.alice)
    client = browser_of(people.alice)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        client.get("/")
