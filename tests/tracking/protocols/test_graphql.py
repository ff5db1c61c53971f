"""The endpoint itself: keys, statuses, documents, limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from graphql import build_schema

from config.graphql import document, join, snake_case
from tests.people import People
from tests.tracking.protocols.asgi import basic
from tests.tracking.protocols.wandb_client import WandbClient
from tracking.protocols.wandb.resolvers import SDL

pytestmark = pytest.mark.engines

VIEWER = "query Viewer { viewer { id entity username email flags teams { edges { node { name } } } } }"


@pytest.fixture
def client(people: People) -> WandbClient:
    return WandbClient(people.bob)


def post(body: bytes | Any, key: str = "") -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": basic(key)["authorization"]} if key else {}
    return Client().post("/graphql", data, content_type="application/json", headers=headers)


def test_the_viewer_is_who_the_key_belongs_to(client: WandbClient) -> None:
    status, data = client.ask(VIEWER)
    assert status == 200
    teams = [edge["node"]["name"] for edge in data["viewer"].pop("teams")["edges"]]
    assert teams == ["bob", "vision-lab"]
    assert data["viewer"] | {"id": ""} == {
        "id": "",
        "entity": "bob",
        "username": "bob",
        "email": "bob@example.org",
        "flags": "{}",
    }


def test_aliases_fragments_and_directives_are_plain_graphql(client: WandbClient) -> None:
    query = """query Q($deep: Boolean = false) { me: viewer { ...U again: username @include(if: $deep) } }
        fragment U on User { __typename name: username }"""
    assert client.ask(query) == (200, {"me": {"__typename": "User", "name": "bob"}})


@pytest.mark.parametrize("key", ["", "f" * 40, "not a key"])
def test_without_a_known_key_the_answer_is_401_and_says_where_to_get_one(db: None, key: str) -> None:
    response = post({"query": VIEWER}, key)
    assert response.status_code == 401
    assert "http://testserver/authorize" in response.json()["errors"][0]["message"]
    assert response.json()["data"] is None


def test_a_browser_session_is_no_key(client: WandbClient) -> None:
    browser = Client()
    browser.force_login(client.user)
    assert browser.post("/graphql", {"query": VIEWER}, content_type="application/json").status_code == 401


def test_only_post_is_answered(client: WandbClient) -> None:
    assert Client().get("/graphql", headers={"Authorization": basic(client.key)["authorization"]}).status_code == 405


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "no body"),
        (b"{", "not JSON"),
        (b"[1]", "query"),
        (b'{"query": 3}', "query"),
        ({"query": VIEWER, "variables": [1]}, "variables"),
        ({"query": VIEWER, "operationName": 3}, "operationName"),
        ({"query": VIEWER, "variables": {"x": ["a\0b"]}}, "NUL"),
        ({"query": "query {"}, "cannot be parsed"),
        ({"query": "{ viewer { nothing } }"}, "nothing"),
        ({"query": VIEWER, "operationName": "Other"}, "Other"),
        ({"query": "query Q($n: Int64!) { viewer { id } }", "variables": {"n": "many"}}, "$n"),
        ({"query": "{ viewer { id }" * 3000}, "cannot be parsed"),
        ({"query": "{" + "a {" * 3000}, "cannot be parsed"),
        ({"query": "{ viewer { " + "teams { edges { node { organization { name } } } } " * 900 + "} }"}, "5000"),
    ],
)
def test_a_request_that_cannot_be_used_says_why(client: WandbClient, body: Any, told: str) -> None:
    response = post(body, client.key)
    assert (response.status_code, response.json()["data"]) == (400, None)
    assert told in response.json()["errors"][0]["message"]


def test_a_query_may_not_be_nested_without_end(client: WandbClient) -> None:
    query = '{ project(name: "a") {' + ' run(name: "b") { project {' * 10 + " id" + " }}" * 10 + " } }"
    status, message = client.ask(query)
    assert (status, "deeper than 15" in message) == (400, True)


def test_an_operation_that_is_not_there_yet_is_named(client: WandbClient) -> None:
    status, message = client.ask(
        "mutation M($i: CreateArtifactInput!) { createArtifact(input: $i) { artifact { id } } }"
    )
    assert (status, message) == (400, "Debrief does not support createArtifact yet.")


def test_a_document_is_parsed_and_validated_once(client: WandbClient) -> None:
    document.cache_clear()
    for _ in range(3):
        client.ask(VIEWER)
    assert document.cache_info().misses == 1


@pytest.fixture
def memberships_out_of_order(people: People) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE teams_team RENAME TO out_of_order")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE out_of_order RENAME TO teams_team")


@pytest.mark.django_db(transaction=True)
def test_trouble_of_our_own_is_5xx_so_that_the_client_tries_again(
    client: WandbClient, memberships_out_of_order: None
) -> None:
    status, _message = client.ask(VIEWER)
    assert status >= 500


def test_names_on_the_wire_become_names_in_python() -> None:
    wire = ["uploadUrl", "clientID", "coreWeaveOrganizationId", "md5", "runID", "isTeam"]
    ours = ["upload_url", "client_id", "core_weave_organization_id", "md5", "run_id", "is_team"]
    assert [snake_case(name) for name in wire] == ours


def test_a_resolver_for_nothing_or_a_second_one_stops_the_start() -> None:
    build_schema(SDL.read_text())
    with pytest.raises(KeyError):
        join(SDL, {}, {"Nobody": {"name": lambda *_: 1}})
    with pytest.raises(KeyError):
        join(SDL, {}, {"Query": {"nothing": lambda *_: 1}})
    with pytest.raises(ValueError, match=r"Query\.viewer has two"):
        join(SDL, {}, {"Query": {"viewer": lambda *_: 1}}, {"Query": {"viewer": lambda *_: 2}})
