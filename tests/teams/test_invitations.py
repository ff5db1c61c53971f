"""Joining a team by a link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from teams import accounts, members
from teams.models import AuditEntry, Invitation, Membership, Role, User
from tests.people import People, make_people
from tests.teams.browsers import browser_of
from tests.teams.test_members import PAGE, role_of
from tests.teams.test_signin import sign_in

pytestmark = pytest.mark.django_db
SIGN_UP = {"username": "dora", "email": "dora@example.org", "password": "quite a long sentence"}


@pytest.fixture
def people() -> People:
    return make_people()


def invite(by: User, role: Role = Role.MEMBER, days: int = 7) -> str:
    """The path of the link."""
    page = browser_of(by).post("/vision-lab/-/invitations", {"role": int(role), "days": days, "email": ""})
    found = re.search(r"http://testserver(/invitations/[\w-]+)", page.content.decode())
    assert found is not None
    return found.group(1)


def test_the_link_is_shown_once_and_then_only_that_it_is_open(people: People) -> None:
    link = invite(people.adam)
    page = browser_of(people.adam).get(PAGE).content.decode()
    assert link not in page
    assert "whoever has the link" in page
    assert Invitation.objects.get().token_hash not in link


def test_a_user_who_opens_the_link_joins_by_pressing_the_button(people: People) -> None:
    link = invite(people.adam, Role.VIEWER)
    client = browser_of(people.charlie)
    assert "Join as charlie" in client.get(link).content.decode()
    assert role_of(people.team, people.charlie) is None
    assert client.post(link).headers["Location"] == "/vision-lab"
    assert role_of(people.team, people.charlie) == Role.VIEWER


def test_a_stranger_makes_an_account_and_is_on_the_team(people: People) -> None:
    link = invite(people.adam)
    client = browser_of(None)
    assert "Make an account and join" in client.get(link).content.decode()
    assert client.post(link, SIGN_UP).headers["Location"] == "/vision-lab"
    dora = User.objects.get(username="dora")
    assert role_of(people.team, dora) == Role.MEMBER
    assert dora.personal_team.name == "dora"
    assert client.get("/vision-lab/-/members").status_code == 200
    assert sign_in("dora", SIGN_UP["password"])[0] == 302


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"username": "alice"}, "is taken"),
        ({"username": "settings"}, "is reserved"),
        ({"username": "a b"}, "letters, digits"),
        ({"password": "short"}, "at least 10 characters"),
        ({"email": "no"}, "valid email"),
    ],
)
def test_what_is_wrong_with_a_sign_up_is_said_and_the_link_still_works(
    people: People, fields: dict[str, str], error: str
) -> None:
    link = invite(people.adam)
    response = browser_of(None).post(link, SIGN_UP | fields)
    assert response.status_code == 400
    assert error in response.content.decode()
    assert not User.objects.filter(username="dora").exists()
    assert browser_of(None).get(link).status_code == 200


def test_a_link_works_once(people: People) -> None:
    link = invite(people.adam)
    browser_of(people.charlie).post(link)
    assert browser_of(None).post(link, SIGN_UP).status_code == 410
    assert not User.objects.filter(username="dora").exists()


def test_a_link_ends_by_itself_or_when_it_is_withdrawn(people: People) -> None:
    link = invite(people.adam, days=1)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert browser_of(None).get(link).status_code == 410
    browser_of(people.adam).post(f"/vision-lab/-/invitations/{Invitation.objects.get().pk}/withdraw")
    assert browser_of(None).get(link).status_code == 410


def test_nobody_invites_above_their_own_role(people: People) -> None:
    response = browser_of(people.adam).post("/vision-lab/-/invitations", {"role": int(Role.OWNER), "days": 7})
    assert response.status_code == 400
    assert not Invitation.objects.exists()


def test_members_do_not_invite_or_withdraw(people: People) -> None:
    invite(people.adam)
    client = browser_of(people.bob)
    assert client.post("/vision-lab/-/invitations", {"role": 10, "days": 7}).status_code == 403
    pk = Invitation.objects.get().pk
    assert client.post(f"/vision-lab/-/invitations/{pk}/withdraw").status_code == 403


def test_an_invitation_never_weakens_a_member(people: People) -> None:
    browser_of(people.adam).post(invite(people.alice, Role.VIEWER))
    assert role_of(people.team, people.adam) == Role.ADMIN
    browser_of(people.vera).post(invite(people.alice, Role.MEMBER))
    assert role_of(people.team, people.vera) == Role.MEMBER
    assert Membership.objects.filter(team=people.team).count() == 4


def test_without_an_invitation_there_is_no_way_to_sign_up() -> None:
    assert browser_of(None).get("/invitations/made-up").status_code == 410


@pytest.mark.parametrize("role", [None, Role.MEMBER])
def test_who_is_removed_or_demoted_does_not_come_back_by_an_own_invitation(people: People, role: Role | None) -> None:
    link = invite(people.adam, Role.ADMIN)
    membership = Membership.objects.get(user=people.adam, team=people.team)
    if role is None:
        members.remove_member(membership=membership, actor=people.alice)
    else:
        members.change_role(membership=membership, role=role, actor=people.alice)
    assert browser_of(people.adam).post(link).status_code == 410
    assert role_of(people.team, people.adam) == role
    assert AuditEntry.objects.filter(action="invitation.withdrawn", actor=people.alice).exists()


def test_who_becomes_less_than_an_owner_keeps_the_invitations_that_an_admin_may_make(people: People) -> None:
    owned = Membership.objects.get(user=people.adam, team=people.team)
    members.change_role(membership=owned, role=Role.OWNER, actor=people.alice)
    for role in (Role.OWNER, Role.MEMBER):
        invite(people.adam, role)
    members.change_role(membership=owned, role=Role.ADMIN, actor=people.alice)
    assert [invitation.role for invitation in Invitation.objects.all()] == [Role.MEMBER]


def test_members_that_are_set_as_a_whole_take_their_invitations_along(people: People) -> None:
    invite(people.adam)
    accounts.set_members(team=people.team, roles={people.alice: Role.OWNER})
    assert not Invitation.objects.exists()


def test_a_user_who_is_deleted_leaves_no_open_invitation(people: People) -> None:
    link = invite(people.adam)
    accounts.delete_user(user=people.adam)
    assert browser_of(None).get(link).status_code == 410


def test_an_invitation_of_somebody_who_may_no_longer_invite_is_refused(people: People) -> None:
    """As it may be when the role changed by other ways than the verbs."""
    link = invite(people.adam, Role.ADMIN)
    Membership.objects.filter(user=people.adam, team=people.team).delete()
    assert browser_of(people.adam).post(link).status_code == 410
    assert "Ask for a new one" in browser_of(None).post(link, SIGN_UP).content.decode()
    assert role_of(people.team, people.adam) is None
    assert not User.objects.filter(username="dora").exists()
