"""A user's own page."""

from __future__ import annotations

import pytest

from teams.models import AuditEntry
from tests.people import PASSWORD, make_people
from tests.teams.browsers import browser_of
from tests.teams.test_signin import sign_in

pytestmark = pytest.mark.django_db
PROFILE = {"display_name": "김지수", "email": "jisu@example.org", "language": "ko", "theme": "dark"}


def test_name_language_look_and_time_zone_are_kept_and_used() -> None:
    people = make_people()
    client = browser_of(people.alice)
    response = client.post("/settings/profile", {**PROFILE, "time_zone": "Asia/Seoul"}, follow=True)
    text = response.content.decode()
    assert '<html lang="ko"' in text
    assert 'data-theme="dark"' in text
    assert "김지수" in text
    people.alice.refresh_from_db()
    assert people.alice.time_zone == "Asia/Seoul"


def test_a_time_zone_that_does_not_exist_is_refused_at_its_field() -> None:
    people = make_people()
    response = browser_of(people.alice).post("/settings/profile", {**PROFILE, "time_zone": "Mars/Olympus"})
    assert response.status_code == 400
    assert 'id="id_time_zone_error"' in response.content.decode()


def test_the_default_team_is_one_of_ones_own() -> None:
    people = make_people()
    choice = {**PROFILE, "time_zone": "UTC", "default_team": str(people.team.pk)}
    assert browser_of(people.charlie).post("/settings/profile", choice).status_code == 400
    assert browser_of(people.bob).post("/settings/profile", choice).status_code == 302
    people.bob.refresh_from_db()
    assert people.bob.default_team == people.team


def test_a_new_password_needs_the_old_one_and_signs_other_browsers_out() -> None:
    people = make_people()
    here, elsewhere = browser_of(people.alice), browser_of(people.alice)
    refused = here.post("/settings/password", {"current": "not it", "password": "a fresh sentence"})
    assert "This is not your current password" in refused.content.decode()
    here.post("/settings/password", {"current": PASSWORD, "password": "a fresh sentence"})
    assert here.get("/settings/profile").status_code == 200
    assert elsewhere.get("/settings/profile").status_code == 302
    assert sign_in("alice", "a fresh sentence")[0] == 302
    assert AuditEntry.objects.filter(action="password.changed", actor=people.alice).exists()


def test_a_weak_password_is_refused_with_the_reason() -> None:
    people = make_people()
    client = browser_of(people.alice)
    response = client.post("/settings/password", {"current": PASSWORD, "password": "short"})
    assert response.status_code == 400
    assert "at least 10 characters" in response.content.decode()


def test_a_user_without_a_password_sets_the_first_one_without_the_old() -> None:
    people = make_people()
    client = browser_of(people.bob)
    people.bob.set_unusable_password()
    people.bob.save(update_fields=["password"])
    client.force_login(people.bob)
    assert 'name="current"' not in client.get("/settings/profile").content.decode()
    client.post("/settings/password", {"password": "a first sentence"})
    assert sign_in("bob", "a first sentence")[0] == 302


def test_the_theme_switch_is_remembered() -> None:
    people = make_people()
    client = browser_of(people.alice)
    assert client.post("/settings/theme", {"theme": "dark"}).status_code == 204
    assert client.post("/settings/theme", {"theme": "purple"}).status_code == 400
    people.alice.refresh_from_db()
    assert people.alice.theme == "dark"


def test_a_page_speaks_what_the_browser_asks_for_when_the_user_chose_nothing() -> None:
    people = make_people()
    text = browser_of(people.alice).get("/", headers={"Accept-Language": "ko"}).content.decode()
    assert '<html lang="ko"' in text
