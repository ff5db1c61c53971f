"""Who may do what through GraphQL: an operation is allowed, refused, or its subject is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from teams.models import ApiKey
from teams.protocols import ids
from tests.factories import make_project, make_run
from tests.people import People
from tests.tracking.protocols.wandb_client import UPSERT, WandbClient
from tracking.models import Event, Run, RunFile

pytestmark = pytest.mark.engines

PATH = {"entity": "vision-lab", "project": "image-ablations"}
READ_RUN = """query Q($entity: String, $project: String) { project(name: $project, entityName: $entity) {
  run(name: "abc123") { state } } }"""
RESUME = """query RunResumeStatus($project: String, $entity: String, $name: String!) {
  model(name: $project, entityName: $entity) { id name entity { id name } bucket(name: $name, missingOk: true) {
    id name summaryMetrics displayName logLineCount historyLineCount eventsLineCount historyTail eventsTail config tags
    notes wandbConfig(keys: ["t"]) } } }"""
FILES = """mutation F($entity: String!, $project: String!, $files: [String!]!) {
  createRunFiles(input: {entityName: $entity, projectName: $project, runName: "abc123", files: $files}) {
    runID uploadHeaders files { name uploadUrl } } }"""
ALERT = """mutation A($entity: String!, $project: String!, $wait: Duration) {
  notifyScriptableRunAlert(input: {entityName: $entity, projectName: $project, runName: "abc123", title: "high",
    text: "3.14", severity: WARN, waitDuration: $wait}) { success } }"""
STOP = "mutation S($id: ID!) { stopRun(input: {id: $id}) { success } }"
STATE = "mutation U($input: UpdateRunStateInput!) { updateRunState(input: $input) { success } }"
DELETE = "mutation D($id: ID!) { deleteRun(input: {id: $id, deleteArtifacts: true}) { clientMutationId } }"
DELETE_FILES = "mutation D($files: [ID!]!) { deleteFiles(input: {files: $files}) { success } }"
UPLOAD_AGAIN = """query U($entity: String, $project: String) { project(name: $project, entityName: $entity) {
  run(name: "abc123") { files { edges { node { name url(upload: true) } } } } } }"""
MATCHING = """query M($entity: String, $project: String, $pattern: String) {
  project(name: $project, entityName: $entity) { run(name: "abc123") { files(pattern: $pattern) {
    edges { node { name } } } } } }"""
CREATE = """mutation C($input: UpsertModelInput!) { result: upsertModel(input: $input) {
  project { id name entityName access description } inserted } }"""


@pytest.fixture
def run(people: People) -> Run:
    return make_run(make_project(people.team, people.alice), people.alice)


def own_run(client: WandbClient, run: Run) -> Run:
    """The same run, as if the client's user had started it."""
    Run.objects.filter(pk=run.pk).update(user=client.user)
    return run


Asks = Callable[[WandbClient, Run], tuple[int, Any]]
OPERATIONS: dict[str, Asks] = {
    "read": lambda client, run: client.ask(READ_RUN, **PATH),
    "resume": lambda client, run: client.ask(RESUME, **PATH, name=run.name),
    "log": lambda client, run: client.ask(UPSERT, **PATH, name=run.name),
    "upload": lambda client, run: client.ask(FILES, **PATH, files=["a.txt"]),
    "alert": lambda client, run: client.ask(ALERT, **PATH),
    "stop": lambda client, run: client.ask(STOP, id=ids.encode("Run", run.pk)),
    "create": lambda client, run: client.ask(CREATE, input={"name": "new", "entityName": "vision-lab"}),
    "delete": lambda client, run: client.ask(DELETE, id=ids.encode("Run", run.pk)),
    "delete own": lambda client, run: client.ask(DELETE, id=ids.encode("Run", own_run(client, run).pk)),
    "describe": lambda client, run: client.ask(
        CREATE, input={"name": run.project.name, "entityName": "vision-lab", "description": "new words"}
    ),
}
# operation → (member, viewer, stranger, a member's key that may only log, a member's key that may only read);
# 0 is 200 with null: for an unknown project the client has words of its own.
MATRIX = {
    "read": (200, 200, 0, 403, 200),
    "resume": (200, 200, 0, 200, 200),
    "log": (200, 403, 404, 200, 403),
    "upload": (200, 403, 404, 200, 403),
    "alert": (200, 403, 404, 200, 403),
    "stop": (200, 403, 404, 403, 403),
    "create": (200, 403, 404, 403, 403),
    "delete": (403, 403, 404, 403, 403),
    "delete own": (200, 403, 404, 403, 403),
    "describe": (403, 403, 404, 403, 403),
}
WHO = {
    "member": ("bob", ApiKey.Scope.WRITE),
    "viewer": ("vera", ApiKey.Scope.ADMIN),
    "stranger": ("charlie", ApiKey.Scope.ADMIN),
    "log key": ("bob", ApiKey.Scope.INGEST),
    "read key": ("bob", ApiKey.Scope.READ),
}


def test_an_admin_deletes_and_describes_what_others_made(people: People, run: Run) -> None:
    Run.objects.update(user=people.bob)
    for scope, status in ((ApiKey.Scope.WRITE, 403), (ApiKey.Scope.ADMIN, 200)):
        client = WandbClient(people.adam, scope)
        assert [OPERATIONS[name](client, run)[0] for name in ("describe", "delete")] == [status, status]


@pytest.mark.parametrize("operation", MATRIX)
@pytest.mark.parametrize("who", WHO)
def test_operations_ask_for_role_and_scope(people: People, run: Run, operation: str, who: str) -> None:
    name, scope = WHO[who]
    status, data = OPERATIONS[operation](WandbClient(getattr(people, name), scope), run)
    expected = MATRIX[operation][list(WHO).index(who)]
    assert status == (expected or 200), data
    if expected in {0, 200}:
        assert (next(iter(data.values())) is None) == (expected == 0)


def test_an_unknown_run_to_resume_is_null_without_an_error(people: People, run: Run) -> None:
    client = WandbClient(people.bob)
    assert client.ask(RESUME, **PATH, name="nowhere")[1]["model"]["bucket"] is None
    assert client.ask(RESUME, entity="vision-lab", project="nowhere", name="x") == (200, {"model": None})


def test_all_that_a_resume_reads_is_there_for_a_run_that_logged_nothing(people: People, run: Run) -> None:
    bucket = WandbClient(people.bob).ask(RESUME, **PATH, name=run.name)[1]["model"]["bucket"]
    assert [key for key, value in bucket.items() if value is None] == []
    assert (bucket["historyTail"], bucket["eventsTail"], bucket["wandbConfig"]) == ("[]", "[]", "{}")


def test_the_same_alert_is_told_once_within_its_wait(people: People, run: Run) -> None:
    client = WandbClient(people.bob)
    told = [client.ask(ALERT, **PATH, wait=60_000)[1]["notifyScriptableRunAlert"]["success"] for _ in range(2)]
    assert told == [True, False]
    event = Event.objects.get(kind="alert.raised")
    assert event.payload == {"title": "high", "text": "3.14", "level": "WARN"}


def test_a_run_that_is_told_to_stop_says_so(people: People, run: Run) -> None:
    client = WandbClient(people.bob)
    client.ask(STOP, id=ids.encode("Run", run.pk))
    stopped = (
        'query Q { project(name: "image-ablations", entityName: "vision-lab") { run(name: "abc123") { stopped } } }'
    )
    assert client.ask(stopped)[1]["project"]["run"]["stopped"] is True


@pytest.mark.parametrize(
    ("states", "status"),
    [(["pending"], 200), (["pending", "failed"], 200), (["failed", "pending"], 200), (["finished"], 400), (["x"], 400)],
)
def test_a_state_is_set_by_hand_only_along_known_ways(people: People, run: Run, states: list[str], status: int) -> None:
    for state in states:
        got, data = WandbClient(people.bob).ask(STATE, input={"id": ids.encode("Run", run.pk), "state": state})
    assert (got, "invalid state transition" in str(data)) == (status, status == 400)
    if status == 200:
        assert Run.objects.get().state == states[-1]


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "..", "a\\..\\b", "", "n" * 1025])
def test_a_file_name_that_leaves_its_run_is_refused_with_its_field(people: People, run: Run, name: str) -> None:
    status, message = WandbClient(people.bob).ask(FILES, **PATH, files=["fine.txt", name])
    assert (status, message.startswith("files: ")) == (400, True)
    assert RunFile.objects.count() == 0


def test_a_folder_among_the_names_has_no_address_and_disturbs_nobody(people: People, run: Run) -> None:
    names = ["b.txt", ".", "line\nbreak", "a.txt"]
    answered = WandbClient(people.bob).ask(FILES, **PATH, files=names)[1]["createRunFiles"]
    assert [(file["name"], file["uploadUrl"] is None) for file in answered["files"]] == [
        ("b.txt", False),
        (".", True),
        ("line\nbreak", True),
        ("a.txt", False),
    ]


def test_upload_addresses_are_absolute_under_the_name_the_client_used(people: People, run: Run) -> None:
    url = WandbClient(people.bob).ask(FILES, **PATH, files=["a.txt"])[1]["createRunFiles"]["files"][0]["uploadUrl"]
    assert url.startswith("http://testserver/uploads/")


@pytest.mark.parametrize(("who", "status"), [("member", 200), ("viewer", 403), ("read key", 403), ("log key", 403)])
def test_an_address_to_upload_a_file_again_is_for_those_who_log(
    people: People, run: Run, who: str, status: int
) -> None:
    RunFile.objects.create(run=run, name="a.txt", stored_name="a", uploaded_at=timezone.now())
    name, scope = WHO[who]
    assert WandbClient(getattr(people, name), scope).ask(UPLOAD_AGAIN, **PATH)[0] == status


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [
        ("%.json", ["a.json", "media/B.json"]),
        ("%b.json", []),
        ("_.json", ["a.json"]),
        ("media/%", ["media/B.json", "media/[x]*?.txt"]),
        ("%[x]*?%", ["media/[x]*?.txt"]),
        ("%\\%", ["back\\slash"]),
        ("a.jso", []),
        ("%", ["a.json", "back\\slash", "media/B.json", "media/[x]*?.txt", "x" * 1000]),
        ("%x" * 500 + "y", []),
    ],
)
def test_files_are_found_by_a_pattern(people: People, run: Run, pattern: str, matching: list[str]) -> None:
    for name in ("a.json", "media/B.json", "media/[x]*?.txt", "back\\slash", "x" * 1000):
        RunFile.objects.create(run=run, name=name, stored_name="a", uploaded_at=timezone.now())
    found = WandbClient(people.vera).ask(MATCHING, **PATH, pattern=pattern)[1]["project"]["run"]["files"]["edges"]
    assert sorted(edge["node"]["name"] for edge in found) == matching


def test_a_pattern_that_is_too_long_is_refused(people: People, run: Run) -> None:
    status, message = WandbClient(people.vera).ask(MATCHING, **PATH, pattern="%" * 1025)
    assert (status, message) == (400, "pattern: A pattern has at most 1024 characters.")


def test_files_are_deleted_all_or_none(people: People, run: Run) -> None:
    files = [RunFile.objects.create(run=run, name=name) for name in ("a", "b")]
    wanted = [ids.encode("File", file.pk) for file in files]
    assert WandbClient(people.vera).ask(DELETE_FILES, files=wanted)[0] == 403
    assert WandbClient(people.charlie).ask(DELETE_FILES, files=wanted)[0] == 404
    assert WandbClient(people.bob).ask(DELETE_FILES, files=wanted)[0] == 403
    assert WandbClient(people.alice).ask(DELETE_FILES, files=[*wanted, ids.encode("File", 999)])[0] == 404
    assert RunFile.objects.count() == 2
    own_run(WandbClient(people.bob), run)
    assert WandbClient(people.bob).ask(DELETE_FILES, files=wanted)[0] == 200
    assert RunFile.objects.count() == 0


def test_creating_a_project_that_is_there_changes_its_description_only(people: People, run: Run) -> None:
    client = WandbClient(people.adam)
    asked = {"name": "image-ablations", "entityName": "vision-lab", "description": "new words"}
    result = client.ask(CREATE, input=asked)[1]["result"]
    assert (result["inserted"], result["project"]["description"]) == (False, "new words")
    assert WandbClient(people.bob).ask(CREATE, input=asked)[0] == 200, "nothing is changed by the same description"
    status, message = client.ask(CREATE, input={"name": "a:b", "entityName": "vision-lab"})
    assert (status, message.startswith("name: ")) == (400, True)


def test_a_rewind_is_declined_with_another_way(people: People, run: Run) -> None:
    query = (
        'mutation { rewindRun(input: {runName: "abc123", metricName: "_step", metricValue: 3}) { rewoundRun { id } } }'
    )
    status, message = WandbClient(people.bob).ask(query)
    assert (status, "cannot rewind a run yet" in message) == (400, True)


def test_people_and_teams_are_told_to_those_who_share_them(people: People) -> None:
    query = """query T($name: String!) { entity(name: $name) { isTeam entityType storageBytes organization { name }
        members { username admin accountType } } }"""
    team = WandbClient(people.vera).ask(query, name="vision-lab")[1]["entity"]
    assert [member["username"] for member in team["members"]] == ["alice", "adam", "bob", "vera"]
    assert (team["isTeam"], team["entityType"], team["organization"]) == (True, "team", None)
    assert WandbClient(people.charlie).ask(query, name="vision-lab") == (200, {"entity": None})
    personal = WandbClient(people.vera).ask(query, name="vera")[1]["entity"]
    assert personal["members"] == [{"username": "vera", "admin": True, "accountType": "USER"}]


def test_api_keys_are_listed_to_their_owner_by_their_first_letters(people: People, run: Run) -> None:
    client = WandbClient(people.alice)
    query = "{ viewer { apiKeys { edges { node { name description } } } } }"
    (edge,) = client.ask(query)[1]["viewer"]["apiKeys"]["edges"]
    assert client.key.startswith(edge["node"]["name"])
    other = """{ project(name: "image-ablations", entityName: "vision-lab") {
        user { apiKeys { edges { node { name } } } } } }"""
    assert WandbClient(people.bob).ask(other)[1]["project"]["user"]["apiKeys"]["edges"] == []


def test_the_server_names_only_features_it_has(people: People) -> None:
    features = WandbClient(people.bob).ask("{ serverInfo { features { name isEnabled } } }")[1]["serverInfo"][
        "features"
    ]
    names = [feature["name"] for feature in features if feature["isEnabled"]]
    assert "STRUCTURED_CONSOLE_LOGS" in names
    assert [name for name in names if name.startswith(("ARTIFACT", "SWEEPS", "AUTOMATION"))] == []
