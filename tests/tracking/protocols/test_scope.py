"""A key that may only log runs: what it does not get, however it asks. That logging works is in tests/recordings."""

from __future__ import annotations

import pytest

from config.graphql import SCHEMA
from config.graphql_scope import LOGGING_FIELDS
from teams.models import ApiKey
from tests.factories import make_project, make_run
from tests.people import People
from tests.tracking.protocols.wandb_client import WandbClient
from tracking.models import Project, Run

UPSERT = (
    'mutation { upsertBucket(input: {modelName: "made", entityName: "vision-lab", name: "new"}) { bucket { %s } } }'
)
READING = {
    "project": '{ project(name: "image-ablations") { id } }',
    "models": '{ models(entityName: "vision-lab") { edges { node { name } } } }',
    "the runs of a model": "{ model { runs { edges { node { name } } } } }",
    "a run of a model": '{ model { run(name: "abc123") { state } } }',
    "history": '{ model { bucket(name: "abc123") { history } } }',
    "files": '{ model { bucket(name: "abc123") { files { edges { node { url } } } } } }',
    "console": '{ model { bucket(name: "abc123") { logLines { edges { node { line } } } } } }',
    "members": '{ entity(name: "vision-lab") { members { email } } }',
    "members of a team of the viewer": "{ viewer { teams { edges { node { members { email } } } } } }",
    "keys": "{ viewer { apiKeys { edges { node { name } } } } }",
    "runs in the reply of a mutation": UPSERT % "project { runs { edges { node { name } } } }",
    "another name and a fragment": "{ m: model { ...F } } fragment F on Project { r: runCount }",
    "an operation beside": "query A { viewer { id } } query B { viewer { apiKeys { edges { node { id } } } } }",
}


@pytest.mark.parametrize("document", READING.values(), ids=READING.keys())
def test_a_key_that_may_only_log_is_refused_before_anything_is_done(people: People, document: str) -> None:
    make_run(make_project(people.team, people.alice), people.alice)
    status, message = WandbClient(people.bob, ApiKey.Scope.INGEST).ask(document)
    assert (status, "may only log runs" in message) == (403, True)
    assert (Project.objects.count(), Run.objects.count()) == (1, 1)


def test_the_refusal_names_what_was_too_much(people: People) -> None:
    status, message = WandbClient(people.bob, ApiKey.Scope.INGEST).ask("{ viewer { id admin name } }")
    assert (status, "User.admin, User.name needs" in message) == (403, True)


def test_every_field_that_is_open_to_logging_is_in_the_schema() -> None:
    for owner, names in LOGGING_FIELDS.items():
        assert names <= set(SCHEMA.type_map[owner].fields), owner  # type: ignore[attr-defined]
