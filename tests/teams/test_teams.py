"""Making, naming and deleting teams."""

from __future__ import annotations

import pytest

from teams.models import Role, Team
from tests.factories import make_project
from tests.people import make_people
from tests.teams.browsers import browser_of
from tests.teams.test_members import role_of

pytestmark = pytest.mark.django_db


def test_whoever_makes_a_team_owns_it_and_is_led_to_its_members() -> None:
    people = make_people()
    response = browser_of(people.charlie).post("/teams/new", {"name": "robotics", "display_name": "로봇 팀"})
    assert response.headers["Location"] == "/robotics/-/members"
    assert role_of(Team.objects.get(name="robotics"), people.charlie) == Role.OWNER


@pytest.mark.parametrize(("name", "error"), [("vision-lab", "is taken"), ("static", "is reserved"), ("a/b", "letters")])
def test_a_name_that_cannot_be_is_refused_at_its_field(name: str, error: str) -> None:
    people = make_people()
    response = browser_of(people.alice).post("/teams/new", {"name": name})
    assert response.status_code == 400
    text = response.content.decode()
    assert error in text
    assert 'id="id_name_error"' in text


def test_an_admin_renames_the_team_and_sees_who_changed_what() -> None:
    people = make_people()
    client = browser_of(people.adam)
    page = client.post("/vision-lab/-/settings", {"display_name": "Vision Lab"}, follow=True).content.decode()
    assert "Vision Lab" in page
    assert "Team renamed" in page


def test_settings_are_for_admins() -> None:
    people = make_people()
    for user, status in ((people.adam, 200), (people.bob, 403), (people.vera, 403), (people.charlie, 404)):
        assert browser_of(user).get("/vision-lab/-/settings").status_code == status, user


def test_only_an_owner_deletes_a_team_and_only_by_typing_its_name() -> None:
    people = make_people()
    make_project(people.team, people.alice)
    assert browser_of(people.adam).post("/vision-lab/-/delete", {"typed_name": "vision-lab"}).status_code == 403
    client = browser_of(people.alice)
    refused = client.post("/vision-lab/-/delete", {"typed_name": "vision"})
    assert refused.status_code == 400
    assert "This is not the name" in refused.content.decode()
    assert client.post("/vision-lab/-/delete", {"typed_name": "vision-lab"}).headers["Location"] == "/"
    assert not Team.objects.filter(name="vision-lab").exists()
