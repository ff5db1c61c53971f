"""Who is on a team, and who may change that."""

from __future__ import annotations

import pytest
from django.test import Client

from teams.models import AuditEntry, Membership, Role, Team, User
from tests.people import People, make_people
from tests.teams.browsers import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/vision-lab/-/members"


@pytest.fixture
def people() -> People:
    return make_people()


def role_of(team: Team, user: User) -> int | None:
    return Membership.objects.filter(team=team, user=user).values_list("role", flat=True).first()


def give(client: Client, username: str, role: Role) -> str:
    """What the next page says."""
    response = client.post(f"{PAGE}/{username}/role", {"role": int(role)}, follow=True)
    return response.content.decode()


def test_every_member_sees_who_is_on_the_team(people: People) -> None:
    for user in (people.alice, people.adam, people.bob, people.vera):
        page = browser_of(user).get(PAGE)
        assert page.status_code == 200
        assert "vera" in page.content.decode()
    assert browser_of(people.charlie).get(PAGE).status_code == 404


def test_only_admins_and_owners_see_what_changes_people(people: People) -> None:
    for user, sees in ((people.alice, True), (people.adam, True), (people.bob, False), (people.vera, False)):
        page = browser_of(user).get(PAGE).content.decode()
        assert ("invite-dialog" in page) is sees, user


def test_an_admin_changes_a_role_and_the_trail_says_so(people: People) -> None:
    assert "now has the role" in give(browser_of(people.adam), "vera", Role.MEMBER)
    assert role_of(people.team, people.vera) == Role.MEMBER
    entry = AuditEntry.objects.get(action="membership.role_changed")
    assert (entry.actor, entry.subject, entry.detail) == (people.adam, "vera", {"role": "member"})


def test_an_admin_neither_makes_nor_changes_an_owner(people: People) -> None:
    client = browser_of(people.adam)
    give(client, "bob", Role.OWNER)
    assert role_of(people.team, people.bob) == Role.MEMBER
    assert client.post(f"{PAGE}/alice/role", {"role": int(Role.VIEWER)}).status_code == 403
    assert client.post(f"{PAGE}/alice/remove").status_code == 403
    assert role_of(people.team, people.alice) == Role.OWNER


def test_the_last_owner_cannot_step_down_or_leave_but_one_of_two_can(people: People) -> None:
    client = browser_of(people.alice)
    assert "is the last owner" in give(client, "alice", Role.ADMIN)
    assert "is the last owner" in client.post(f"{PAGE}/alice/remove", follow=True).content.decode()
    give(client, "adam", Role.OWNER)
    assert client.post(f"{PAGE}/alice/remove").headers["Location"] == "/"
    assert role_of(people.team, people.alice) is None


def test_everybody_may_leave(people: People) -> None:
    page = browser_of(people.vera).post(f"{PAGE}/vera/remove", follow=True)
    assert "You have left" in page.content.decode()
    assert role_of(people.team, people.vera) is None
    assert AuditEntry.objects.filter(action="membership.left", actor=people.vera).exists()


def test_who_is_removed_no_longer_sees_the_team_and_loses_it_as_default(people: People) -> None:
    people.bob.default_team = people.team
    people.bob.save(update_fields=["default_team"])
    browser_of(people.adam).post(f"{PAGE}/bob/remove")
    assert browser_of(people.bob).get(PAGE).status_code == 404
    people.bob.refresh_from_db()
    assert people.bob.default_team is None


def test_members_and_viewers_change_nobody(people: People) -> None:
    for user in (people.bob, people.vera):
        client = browser_of(user)
        assert client.post(f"{PAGE}/adam/role", {"role": int(Role.VIEWER)}).status_code == 403
        assert client.post(f"{PAGE}/adam/remove").status_code == 403
    assert browser_of(people.charlie).post(f"{PAGE}/adam/remove").status_code == 404


def test_a_name_that_is_not_on_the_team_is_not_found(people: People) -> None:
    assert browser_of(people.alice).post(f"{PAGE}/charlie/remove").status_code == 404


def test_a_personal_team_has_no_members_page(people: People) -> None:
    client = browser_of(people.alice)
    assert client.get("/alice/-/members").status_code == 404
    assert client.post("/alice/-/invitations", {"role": 20, "days": 7}).status_code == 404
    assert client.get("/alice/-/settings").status_code == 404
