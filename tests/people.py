"""The people of every test: alice owns the team, bob is a member, vera may only look, charlie is a stranger."""

from __future__ import annotations

from dataclasses import dataclass

from teams import accounts
from teams.models import Membership, Role, Team, User
from teams.permissions import Principal

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class People:
    team: Team
    alice: User
    adam: User  # admin
    bob: User
    vera: User
    charlie: User


def make_people(team_name: str = "vision-lab") -> People:
    users = {
        name: accounts.create_user(username=name, email=f"{name}@example.org", password=PASSWORD)
        for name in ("alice", "adam", "bob", "vera", "charlie")
    }
    team = accounts.create_team(name=team_name, owner=users["alice"])
    for name, role in (("adam", Role.ADMIN), ("bob", Role.MEMBER), ("vera", Role.VIEWER)):
        Membership.objects.create(team=team, user=users[name], role=role)
    return People(team=team, **users)


def principal(user: User) -> Principal:
    return Principal(user_id=user.pk, username=user.username)
