"""Every address, method and kind of person: a stranger gets 404, a weak role 403, nobody is sent to sign in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from teams.models import Role
from tests.permissions.matrix import MATRIX, TESTED_ELSEWHERE, Access
from tests.permissions.scene import Scene, make_scene

pytestmark = pytest.mark.django_db

ROLES = {"alice": Role.OWNER, "adam": Role.ADMIN, "bob": Role.MEMBER, "vera": Role.VIEWER}
REFUSED = {401, 403, 404}
CASES = [(name, method, access) for name, methods in MATRIX.items() for method, access in methods.items()]
# `pk` means another thing in each part of the address space.
PK_OF = {"channel": "channel", "rule": "rule", "deliver": "delivery", "invitation": "invitation"}


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def address(name: str, scene: Scene) -> str:
    pattern = next(pattern for pattern in patterns() if pattern.name == name)
    values = dict(scene.arguments, token=scene.arguments["invitation_secret"])
    values["pk"] = next((values[of] for part, of in PK_OF.items() if part in name), 0)
    return reverse(name, kwargs={argument: values[argument] for argument in pattern.pattern.converters})


def ask(person: str | None, method: str, name: str, scene: Scene) -> HttpResponseBase:
    """What the person is answered; whatever it changed is undone."""
    client = Client(headers={"Accept": "text/html"}, raise_request_exception=False)
    if person is not None:
        client.force_login(scene.user(person))
    with transaction.atomic():
        answer: HttpResponseBase = client.generic(method, address(name, scene))
        transaction.set_rollback(True)
    if isinstance(answer, StreamingHttpResponse):
        b"".join(answer)  # the test client closes the file behind it when it is read to its end
    return answer


def test_every_address_is_in_the_matrix() -> None:
    known = set(MATRIX) | set(TESTED_ELSEWHERE)
    named = {str(pattern.name) for pattern in patterns()}
    assert named - known == set(), "say in tests/permissions/matrix.py who may open these"
    assert known - named == set(), "these addresses are gone"


@pytest.mark.parametrize(("name", "method", "access"), CASES, ids=lambda value: str(value))
def test_who_may(name: str, method: str, access: Access, scene: Scene) -> None:
    for person, role in ROLES.items():
        status = ask(person, method, name, scene).status_code
        if access <= Access.SIGNED_IN or role >= access:
            assert status not in REFUSED and status < 500, f"{person} got {status}"
        else:
            assert status == 403, f"{person} got {status}"
    stranger = ask("charlie", method, name, scene).status_code
    assert stranger not in REFUSED if access <= Access.SIGNED_IN else stranger == 404, f"charlie got {stranger}"
    nobody = ask(None, method, name, scene)
    if access == Access.ANYONE:
        assert nobody.status_code not in REFUSED
    elif method == "GET":
        assert nobody.headers["Location"].startswith("/signin?next=")
    else:
        assert nobody.status_code == 401


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_a_method_that_is_not_meant_is_405(name: str, scene: Scene) -> None:
    for method in {"GET", "POST", "PUT", "DELETE"} - set(MATRIX[name]):
        assert ask("alice", method, name, scene).status_code == 405, method


IN_A_PROJECT = [
    case for case in CASES if "project" in next(p for p in patterns() if p.name == case[0]).pattern.converters
]


@pytest.mark.parametrize(("name", "method", "access"), IN_A_PROJECT, ids=lambda value: str(value))
def test_a_private_project_is_404_even_for_its_team(name: str, method: str, access: Access) -> None:
    scene = make_scene("private")
    assert ask("vera", method, name, scene).status_code == 404
    assert ask("bob", method, name, scene).status_code == 404
    assert ask("alice", method, name, scene).status_code not in REFUSED
