"""What people read when something is not there or not allowed."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.people import make_people
from tests.teams.browsers import browser_of

pytestmark = pytest.mark.django_db


def test_a_missing_page_says_what_may_be_wrong_and_keeps_the_menu() -> None:
    people = make_people()
    response = browser_of(people.charlie).get("/vision-lab/-/members")
    assert response.status_code == 404
    page = response.content.decode()
    assert "ask whoever sent you the address for an invitation" in page
    assert "All projects" in page


def test_a_stranger_reads_the_same_page_for_what_is_not_there_and_what_is_not_theirs() -> None:
    people = make_people()
    client = browser_of(people.charlie)
    hidden = client.get("/vision-lab/-/members").content.decode()
    absent = client.get("/no-such-team/-/members").content.decode()
    token = 'hx-headers=\'{"X-CSRFToken": "'
    strip = [page.replace("no-such-team", "vision-lab").split(token)[0] for page in (hidden, absent)]
    assert strip[0] == strip[1]


def test_a_role_that_is_too_weak_is_told_which_one_it_takes_and_who_can_give_it() -> None:
    people = make_people()
    response = browser_of(people.vera).get("/vision-lab/-/settings")
    assert response.status_code == 403
    page = response.content.decode()
    assert "This needs the role “Admin” in “vision-lab”." in page
    assert '<li class="pill">alice</li>' in page


def test_a_script_gets_the_same_as_json() -> None:
    people = make_people()
    client = Client(headers={"Accept": "application/json"})
    client.force_login(people.vera)
    response = client.get("/vision-lab/-/settings")
    assert response.status_code == 403
    assert response.json() == {"error": "This needs the role “Admin” in “vision-lab”."}


def test_a_form_without_its_token_says_how_to_go_on() -> None:
    people = make_people()
    client = Client(enforce_csrf_checks=True, headers={"Accept": "text/html"})
    client.force_login(people.alice)
    response = client.post("/teams/new", {"name": "robotics"})
    assert response.status_code == 403
    assert "reload the page and send it again" in response.content.decode()


def test_an_impossible_host_gets_the_plain_page(settings: pytest.FixtureRequest) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]  # type: ignore[attr-defined]
    response = Client().get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "Debrief cannot read this request" in response.content.decode()
