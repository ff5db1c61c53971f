"""The permission module: who sees what, and what a role or a key's scope allows."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from teams import accounts
from teams.auth import key_from_header, principal_of_key
from teams.models import ApiKey, Membership, Role, Team, User
from teams.permissions import NOBODY, may, require, role_in, visible
from tests.factories import make_project, make_run
from tests.people import People, make_people, principal
from tracking.models import Project, Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return make_people()


def who_sees(people: People, project: Project) -> set[str]:
    everyone = (people.alice, people.adam, people.bob, people.vera, people.charlie)
    mine = Project.objects.filter(pk=project.pk)
    return {user.username for user in everyone if visible(mine, principal(user)).exists()}


def test_a_team_project_is_seen_by_its_members_only(people: People) -> None:
    assert who_sees(people, make_project(people.team, people.bob)) == {"alice", "adam", "bob", "vera"}


def test_a_private_project_is_seen_by_its_creator_and_the_admins(people: People) -> None:
    private = make_project(people.team, people.bob, visibility=Project.Visibility.PRIVATE)
    assert who_sees(people, private) == {"alice", "adam", "bob"}


def test_the_creator_of_a_private_project_who_left_the_team_sees_it_no_more(people: People) -> None:
    private = make_project(people.team, people.bob, visibility=Project.Visibility.PRIVATE)
    Membership.objects.filter(team=people.team, user=people.bob).delete()
    assert who_sees(people, private) == {"alice", "adam"}


def test_what_lies_in_a_private_project_is_as_private(people: People) -> None:
    run = make_run(make_project(people.team, people.bob, visibility=Project.Visibility.PRIVATE))
    runs = Run.objects.filter(pk=run.pk)
    assert visible(runs, principal(people.bob)).exists()
    assert not visible(runs, principal(people.vera)).exists()


def test_a_personal_team_is_its_users_alone(people: People) -> None:
    personal = Team.objects.get(name="bob")
    assert role_in(principal(people.bob), personal) == Role.OWNER
    assert not visible(Team.objects.filter(pk=personal.pk), principal(people.alice)).exists()


def test_nobody_sees_nothing(people: People) -> None:
    make_project(people.team, people.alice)
    assert not visible(Project.objects.all(), NOBODY).exists()
    assert role_in(NOBODY, people.team) is None


def test_a_stranger_gets_404_and_a_weak_role_403(people: People) -> None:
    project = make_project(people.team, people.alice)
    with pytest.raises(Http404):
        require(principal(people.charlie), project, Role.VIEWER)
    with pytest.raises(PermissionDenied):
        require(principal(people.vera), project, Role.MEMBER)
    require(principal(people.bob), project, Role.MEMBER)


@pytest.mark.parametrize(
    ("scope", "reads", "writes", "administers"),
    [
        (ApiKey.Scope.INGEST, True, False, False),
        (ApiKey.Scope.READ, True, False, False),
        (ApiKey.Scope.WRITE, True, True, False),
        (ApiKey.Scope.ADMIN, True, True, True),
    ],
)
def test_a_key_does_no_more_than_its_scope(
    people: People, scope: ApiKey.Scope, reads: bool, writes: bool, administers: bool
) -> None:
    _row, secret = accounts.create_api_key(user=people.alice, scope=scope)
    asking = principal_of_key(secret)
    roles = (Role.VIEWER, Role.MEMBER, Role.ADMIN)
    assert tuple(may(asking, people.team, role) for role in roles) == (reads, writes, administers)


def test_an_unknown_an_expired_and_a_retired_users_key_are_nobodys(people: People) -> None:
    _row, good = accounts.create_api_key(user=people.bob)
    assert principal_of_key(good).user_id == people.bob.pk
    assert principal_of_key("x" * 40) is NOBODY
    _row, expired = accounts.create_api_key(user=people.bob, expires_at=people.bob.date_joined)
    assert principal_of_key(expired) is NOBODY
    _row, retired = accounts.create_api_key(user=people.vera)
    User.objects.filter(pk=people.vera.pk).update(is_active=False)
    assert principal_of_key(retired) is NOBODY


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Basic YXBpOnNlY3JldA==", "secret"),
        ("basic YXBpOnNlY3JldA==", "secret"),
        ("Bearer secret", "secret"),
        ("Basic not base64", ""),
        ("Basic //79", ""),
        ("Digest secret", ""),
        ("", ""),
    ],
)
def test_the_key_is_read_from_what_clients_send(header: str, key: str) -> None:
    assert key_from_header(header) == key


def test_a_key_that_may_only_log_runs_opens_no_page(people: People, client: Client) -> None:
    _row, secret = accounts.create_api_key(user=people.bob, scope=ApiKey.Scope.INGEST)
    answer = client.get("/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 403
    assert "may only log runs" in answer.json()["error"]


def test_nobody_is_sent_to_sign_in_with_a_browser_and_told_so_in_a_script(client: Client) -> None:
    page = client.get("/?a=b", headers={"Accept": "text/html"})
    assert page.status_code == 302
    assert page.headers["Location"] == "/signin?next=/%3Fa%3Db"
    assert client.get("/", headers={"Accept": "application/json"}).status_code == 401
