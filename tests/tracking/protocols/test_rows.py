"""History as the public API reads it: keys, pages by step, samples."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest

from tests.factories import log_metrics, make_project, make_run
from tests.people import People
from tests.tracking.protocols.wandb_client import WandbClient
from tracking import console, history, ingest
from tracking.models import Run
from tracking.protocols.wandb.row_reading import between, evenly

pytestmark = pytest.mark.engines

RUN = 'query Q%s { project(name: "image-ablations", entityName: "vision-lab") { run(name: "abc123") { %s } } }'
PAGE = RUN % ("($first: Int64!, $stop: Int64!)", "history(minStep: $first, maxStep: $stop, samples: 1000)")
SAMPLED = RUN % ("($specs: [JSONString!]!)", "sampledHistory(specs: $specs)")


@pytest.fixture
def run(people: People) -> Run:
    return make_run(make_project(people.team, people.alice), people.alice)


@pytest.fixture
def client(people: People) -> WandbClient:
    return WandbClient(people.bob)


def asked(client: WandbClient, query: str, **variables: Any) -> Any:
    status, data = client.ask(query, **variables)
    assert status == 200, data
    return data["project"]["run"]


def sampled(client: WandbClient, **spec: Any) -> list[dict[str, Any]]:
    (rows,) = asked(client, SAMPLED, specs=[json.dumps(spec)])["sampledHistory"]
    return list(rows)


def test_a_run_without_history_has_no_last_step(client: WandbClient, run: Run) -> None:
    assert asked(client, RUN % ("", "historyKeys")) == {"historyKeys": {"keys": {}, "sets": [], "lastStep": -1}}


def test_keys_are_named_with_their_kinds_and_counts(client: WandbClient, run: Run) -> None:
    log_metrics(run, [{"loss": 1.0, "val": {"acc": 0.5}}, {"loss": 0.5}])
    keys = asked(client, RUN % ("", "historyKeys"))["historyKeys"]
    assert keys["lastStep"] == 1
    assert keys["keys"]["loss"]["typeCounts"] == [{"type": "number", "count": 2}]
    assert keys["keys"]["val.acc"]["typeCounts"] == [{"type": "number", "count": 1}]


@pytest.mark.parametrize("is_compacted", [False, True])
@pytest.mark.parametrize("stride", [1, 7])
def test_pages_by_step_hold_every_row_once(run: Run, is_compacted: bool, stride: int) -> None:
    log_metrics(run, [{"_step": line * stride, "loss": line} for line in range(3000)])
    if is_compacted:
        history.compact(run.pk, history.HISTORY)
    for size in (1000, 1):
        steps = range(0, 3000 * stride, size) if size > 1 else range(2990 * stride, 3000 * stride, size)
        found = [row["loss"] for first in steps for row in between(run.pk, first, first + size)]
        assert found == list(range(steps.start // stride, 3000))


def test_a_page_beyond_the_end_is_empty_and_fills_when_the_run_goes_on(run: Run) -> None:
    log_metrics(run, [{"loss": 1.0}])
    assert list(between(run.pk, 5, 10)) == []
    log_metrics(run, [{"_step": step, "loss": 2.0} for step in range(1, 7)], offset=1)
    assert [row["_step"] for row in between(run.pk, 5, 10)] == [5, 6]


def test_rows_of_a_page_are_json_strings_with_bare_nan(client: WandbClient, run: Run) -> None:
    log_metrics(run, [{"loss": float("nan"), "note": "텍스트"}])
    (row,) = asked(client, PAGE, first=0, stop=10)["history"]
    assert "NaN" in row
    assert json.loads(row)["note"] == "텍스트"


def test_sampled_rows_have_all_the_keys_and_nothing_else(client: WandbClient, run: Run) -> None:
    log_metrics(run, [{"loss": 1.0}, {"loss": 0.5, "val": {"acc": 0.1}}, {"val": {"acc": 0.2}}])
    assert sampled(client, keys=["_step", "loss", "val.acc"]) == [{"_step": 1, "loss": 0.5, "val.acc": 0.1}]


def test_the_bounds_of_a_sample_are_inclusive(client: WandbClient, run: Run) -> None:
    log_metrics(run, [{"loss": step} for step in range(10)])
    assert [row["loss"] for row in sampled(client, keys=["loss"], minStep=2, maxStep=4)] == [2, 3, 4]


def test_nan_in_raw_json_is_the_word_that_wandb_users_know(client: WandbClient, run: Run) -> None:
    log_metrics(run, [{"loss": float("nan")}, {"loss": float("inf")}, {"loss": [float("-inf")]}])
    assert [row["loss"] for row in sampled(client, keys=["loss"])] == ["NaN", "Infinity", ["-Infinity"]]


@pytest.mark.parametrize("spec", ["{", "3", '{"keys": 3}', '{"samples": 3}', '{"keys": ["a"], "samples": "all"}'])
def test_a_spec_that_cannot_be_read_is_refused(client: WandbClient, run: Run, spec: str) -> None:
    status, message = client.ask(SAMPLED, specs=[spec])
    assert (status, "spec" in message) == (400, True)


@pytest.mark.parametrize("samples", [0, -1, 100_001])
def test_a_number_of_samples_that_makes_no_sense_is_refused(client: WandbClient, run: Run, samples: int) -> None:
    status, message = client.ask(RUN % ("($n: Int)", "history(samples: $n)"), n=samples)
    assert (status, message) == (400, "samples: Ask for 1 to 100000 rows.")


@pytest.mark.parametrize("count", [0, 1, 5, 10, 11, 81, 1000, 12345])
def test_samples_keep_the_first_and_the_last_and_lie_evenly(count: int) -> None:
    picked = [row["n"] for row in evenly(({"n": number} for number in range(count)), 10)]
    assert len(picked) == min(count, 10)
    if count > 10:
        gaps = [right - left for left, right in pairwise(picked)]
        assert (picked[0], picked[-1]) == (0, count - 1)
        assert max(gaps) <= 1.5 * count / 9 + 1
    else:
        assert picked == list(range(count))


def test_machine_metrics_are_a_stream_of_their_own(client: WandbClient, run: Run) -> None:
    ingest.log_system(run=run, offset=0, lines=['{"system.cpu": 1.5}', '{"system.cpu": 2.5}'])
    found = asked(client, RUN % ("", "events(samples: 10) systemMetrics eventsLineCount eventsTail"))
    assert [json.loads(row)["system.cpu"] for row in found["events"]] == [1.5, 2.5]
    assert json.loads(found["systemMetrics"])["system.cpu"] == 2.5
    assert (found["eventsLineCount"], json.loads(json.loads(found["eventsTail"])[0])) == (2, {"system.cpu": 2.5})


def test_console_lines_come_by_tail_and_by_page(client: WandbClient, run: Run) -> None:
    lines = [console.Line(f"line {number}", number == 3, "2026-11-20T07:46:18") for number in range(5)]
    ingest.log_console(run=run, offset=0, lines=lines)
    query = RUN % (
        "($first: Int, $after: String, $last: Int)",
        "logLineCount logLines(first: $first, after: $after, last: $last) "
        "{ edges { node { number level line } } pageInfo { endCursor hasNextPage } }",
    )
    tail = asked(client, query, last=2)["logLines"]["edges"]
    assert [edge["node"] for edge in tail] == [
        {"number": 3, "level": "error", "line": "line 3"},
        {"number": 4, "level": "info", "line": "line 4"},
    ]
    page = asked(client, query, first=3)["logLines"]
    rest = asked(client, query, first=3, after=page["pageInfo"]["endCursor"])["logLines"]
    numbers = [edge["node"]["number"] for edge in (*page["edges"], *rest["edges"])]
    assert (numbers, page["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == ([0, 1, 2, 3, 4], True, False)
    assert client.ask(query, first=3, after="x")[0] == 400
