"""`manage.py provision`: a line says how things should be; sending it again changes nothing."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from config.provision import carry_out
from teams.accounts import digest
from teams.auth import principal_of_key
from teams.models import AuditEntry, Organization, SignInLink, Team, User
from tests.factories import make_project, make_run
from tests.people import make_people
from tracking.models import Project, Run

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
KEY = "0123456789012345678901234567890123456789"


def roles_in(team: str) -> dict[str, str]:
    members = Team.objects.get(name=team).memberships.select_related("user")
    return {member.user.username: member.get_role_display().lower() for member in members}


def test_a_user_gets_email_password_key_and_a_personal_team() -> None:
    line = {"user": "ada", "email": "ada@example.org", "password": "a long secret", "api_key": KEY, "admin": True}
    assert carry_out(line) == {"user": "ada", "created": True}
    user = User.objects.get(username="ada")
    assert user.email == "ada@example.org"
    assert user.check_password("a long secret")
    assert user.is_superuser
    assert principal_of_key(KEY).username == "ada"
    assert roles_in("ada") == {"ada": "owner"}


def test_a_line_sent_again_changes_nothing() -> None:
    lines: list[dict[str, Any]] = [
        {"user": "ada", "email": "ada@example.org", "password": "a long secret", "api_key": KEY},
        {"organization": "institute", "members": {"ada": "owner"}},
        {"team": "vision", "members": {"ada": "owner"}, "organization": "institute"},
        {"project": "vision/digits", "visibility": "private"},
    ]
    assert [carry_out(line)["created"] for line in lines] == [True] * 4
    password, entries = User.objects.get(username="ada").password, AuditEntry.objects.count()
    assert [carry_out(line)["created"] for line in lines] == [False] * 4
    assert User.objects.get(username="ada").password == password
    assert User.objects.get(username="ada").api_keys.count() == 1
    assert AuditEntry.objects.count() == entries


def test_what_a_users_line_leaves_out_stays_as_it_is() -> None:
    carry_out({"user": "ada", "email": "ada@example.org", "password": "a long secret", "admin": True})
    carry_out({"user": "ada"})
    user = User.objects.get(username="ada")
    assert (user.email, user.is_superuser) == ("ada@example.org", True)
    assert user.check_password("a long secret")


def test_a_given_key_moves_to_the_user_it_is_given_to() -> None:
    carry_out({"user": "ada", "api_key": KEY})
    carry_out({"user": "grace", "api_key": KEY})
    assert User.objects.get(api_keys__key_hash=digest(KEY)).username == "grace"


def test_members_is_the_whole_list_of_a_team() -> None:
    for name in ("ada", "grace", "edsger"):
        carry_out({"user": name})
    carry_out({"team": "vision", "members": {"ada": "owner", "grace": "viewer"}})
    carry_out({"team": "vision", "members": {"ada": "admin", "edsger": "member"}})
    assert roles_in("vision") == {"ada": "admin", "edsger": "member"}
    carry_out({"team": "vision"})
    assert roles_in("vision") == {"ada": "admin", "edsger": "member"}


def test_a_team_whose_line_names_no_organization_is_in_none() -> None:
    carry_out({"organization": "institute"})
    carry_out({"team": "vision", "organization": "institute"})
    assert Team.objects.get(name="vision").organization == Organization.objects.get()
    carry_out({"team": "vision"})
    assert Team.objects.get(name="vision").organization is None


def test_a_project_changes_its_visibility_only_when_told() -> None:
    carry_out({"team": "vision"})
    carry_out({"project": "vision/digits", "visibility": "private"})
    carry_out({"project": "vision/digits"})
    assert Project.objects.get().visibility == "private"
    carry_out({"project": "vision/digits", "visibility": "team"})
    assert Project.objects.get().visibility == "team"


def test_a_sign_in_link_signs_in_once(client: Client) -> None:
    carry_out({"user": "ada"})
    url = carry_out({"signin_link": "ada"})["url"]
    assert url.startswith("http://testserver/signin/")
    assert SignInLink.objects.get().user.username == "ada"


def test_deleting_takes_along_what_belongs_to_the_thing_and_nothing_else() -> None:
    people = make_people()
    run = make_run(make_project(people.team, people.alice), people.bob)
    own = make_project(Team.objects.get(name="bob"), people.bob)
    assert carry_out({"delete_user": "bob"}) == {"deleted": True}
    assert not Project.objects.filter(pk=own.pk).exists()
    assert Run.objects.get(pk=run.pk).user is None
    assert carry_out({"delete_team": "vision-lab"}) == {"deleted": True}
    assert not Run.objects.exists()
    assert User.objects.filter(username="alice").exists()


def test_an_organization_is_deleted_without_its_teams() -> None:
    carry_out({"organization": "institute"})
    carry_out({"team": "vision", "organization": "institute"})
    assert carry_out({"delete_organization": "institute"}) == {"deleted": True}
    assert Team.objects.get(name="vision").organization is None


@pytest.mark.parametrize("line", [{"delete_user": "nobody"}, {"delete_team": "none"}, {"delete_organization": "none"}])
def test_deleting_what_is_gone_already_is_fine(line: dict[str, str]) -> None:
    assert carry_out(line) == {"deleted": False}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ([], "Write a JSON object"),
        ({}, "Name what this is about"),
        ({"usr": "ada"}, "Name what this is about"),
        ({"user": 3}, "user: write text"),
        ({"user": "ada", "admin": "yes"}, "admin: write true or false"),
        ({"user": "ada", "admn": True}, "admn: unknown field"),
        ({"user": "ada smith"}, "username: Use 1 to 64 letters"),
        ({"user": "graphql"}, "reserved"),
        ({"user": "alice", "email": "not an address"}, "email: Enter a valid email address"),
        ({"team": "alice", "members": {}}, "personal team"),
        ({"team": "vision-lab", "members": {"nobody": "owner"}}, "there is no user 'nobody'"),
        ({"team": "vision-lab", "members": {"alice": "chief"}}, "write one of viewer, member, admin, owner"),
        ({"team": "vision-lab", "members": {"alice": 3}}, "write one of viewer, member, admin, owner"),
        ({"team": "vision-lab", "organization": "none"}, "there is no organization 'none'"),
        ({"project": "nobody/digits"}, "there is no team 'nobody'"),
        ({"project": "vision-lab"}, "name:"),
        ({"project": "vision-lab/a/b"}, "name: Use 1 to 128 characters"),
        ({"project": "vision-lab/digits", "visibility": "everybody"}, "visibility:"),
        ({"signin_link": "nobody"}, "there is no user 'nobody'"),
        ({"delete_team": "alice"}, "delete the user"),
    ],
)
def test_a_line_that_cannot_be_carried_out_says_what_is_wrong_with_it(line: object, words: str) -> None:
    make_people()
    assert words in carry_out(line)["error"]


def test_a_line_is_carried_out_wholly_or_not_at_all() -> None:
    assert "error" in carry_out({"team": "vision", "members": {"nobody": "owner"}})
    assert not Team.objects.filter(name="vision").exists()


def test_each_line_has_one_answer_and_a_broken_one_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO('{"user": "ada"}\n{"user":\n\n{"user": "grace"}\n'))
    written = StringIO()
    call_command("provision", stdout=written)
    answers = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [list(answer) for answer in answers] == [["user", "created"], ["error"], ["user", "created"]]
