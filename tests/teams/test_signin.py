"""Coming and going."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from teams import accounts, signin
from teams.models import SignInFailure
from tests.people import PASSWORD, make_people
from tests.teams.browsers import browser_of

pytestmark = pytest.mark.django_db


def sign_in(name: str, password: str, client: Client | None = None, **fields: str) -> tuple[int, str, str]:
    """Status, where it leads, text."""
    response = (client or browser_of(None)).post("/signin", {"name": name, "password": password, **fields})
    return response.status_code, response.headers.get("Location", ""), response.content.decode()


def test_a_stranger_is_sent_to_sign_in_and_comes_back_to_the_page_asked_for() -> None:
    people = make_people()
    response = browser_of(None).get("/vision-lab/-/members")
    assert response.headers["Location"] == "/signin?next=/vision-lab/-/members"
    assert sign_in("alice", PASSWORD, next="/vision-lab/-/members")[:2] == (302, "/vision-lab/-/members")
    assert people.team.name == "vision-lab"


def test_the_username_and_the_email_are_both_a_name_in_any_case() -> None:
    make_people()
    for name in ("alice", "Alice", "alice@example.org", " ALICE@example.org "):
        assert sign_in(name, PASSWORD)[0] == 302, name


def test_an_email_that_two_users_gave_signs_in_the_one_whose_password_it_is() -> None:
    people = make_people()
    accounts.update_user(user=people.charlie, email="alice@example.org", password="another long password")
    client = browser_of(None)
    assert sign_in("alice@example.org", PASSWORD, client)[0] == 302
    assert client.session["_auth_user_id"] == str(people.alice.pk)


def test_a_wrong_password_says_what_to_check_and_not_whether_the_name_exists() -> None:
    make_people()
    known, unknown = sign_in("alice", "wrong"), sign_in("nobody-at-all", "wrong")
    assert known[0] == unknown[0] == 400
    assert "No account has this name and password" in known[2]
    assert "No account has this name and password" in unknown[2]


def test_an_inactive_user_cannot_sign_in() -> None:
    people = make_people()
    people.bob.is_active = False
    people.bob.save(update_fields=["is_active"])
    assert sign_in("bob", PASSWORD)[0] == 400


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "javascript:alert(1)", "\\\\evil.example"]
)
def test_next_never_leads_to_another_site(target: str) -> None:
    make_people()
    assert sign_in("alice", PASSWORD, next=target)[:2] == (302, "/")


def test_after_many_failures_the_right_password_has_to_wait_too() -> None:
    make_people()
    for _attempt in range(signin.FAILURES_ALLOWED):
        assert sign_in("alice", "wrong")[0] == 400
    status, _location, text = sign_in("alice", PASSWORD)
    assert status == 429
    assert "Too many attempts" in text
    with time_machine.travel(timezone.now() + signin.WINDOW + timedelta(seconds=1)):
        assert sign_in("alice", PASSWORD)[0] == 302


def test_failures_of_one_name_or_address_do_not_lock_others_out() -> None:
    make_people()
    for _attempt in range(signin.FAILURES_ALLOWED):
        sign_in("alice", "wrong")
    assert sign_in("bob", PASSWORD)[0] == 302
    assert sign_in("alice", PASSWORD, browser_of(None, REMOTE_ADDR="192.0.2.7"))[0] == 302


def test_an_address_that_tries_many_names_has_to_wait() -> None:
    make_people()
    for attempt in range(signin.FAILURES_ALLOWED_PER_ADDRESS):
        SignInFailure.objects.create(name=f"guess{attempt}", address="127.0.0.1")
    assert sign_in("alice", PASSWORD)[0] == 429


def test_a_success_forgets_the_failures_before_it() -> None:
    make_people()
    sign_in("alice", "wrong")
    sign_in("alice", PASSWORD)
    assert not SignInFailure.objects.exists()


def test_opening_a_sign_in_link_does_not_use_it_up_but_pressing_the_button_does() -> None:
    people = make_people()
    secret = accounts.create_sign_in_link(user=people.bob)
    client = browser_of(None)
    for _scanner in range(3):
        assert client.get(f"/signin/{secret}").status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.post(f"/signin/{secret}").headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(people.bob.pk)
    again = browser_of(None).post(f"/signin/{secret}")
    assert again.status_code == 410
    assert "no longer works" in again.content.decode()


def test_a_sign_in_link_lives_for_fifteen_minutes() -> None:
    people = make_people()
    secret = accounts.create_sign_in_link(user=people.bob)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert browser_of(None).post(f"/signin/{secret}").status_code == 410


def test_signing_out_takes_a_post_and_ends_the_session() -> None:
    people = make_people()
    client = browser_of(people.alice)
    assert client.get("/signout").status_code == 405
    assert client.post("/signout").headers["Location"] == "/signin"
    assert client.get("/").headers["Location"] == "/signin?next=/"


def test_who_is_signed_in_already_is_sent_on() -> None:
    people = make_people()
    assert browser_of(people.alice).get("/signin?next=/settings/keys").headers["Location"] == "/settings/keys"
