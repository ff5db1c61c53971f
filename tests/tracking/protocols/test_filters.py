"""The public API's filter language on one run."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from teams.models import User
from tracking.models import Run
from tracking.protocols.wandb.filters import parse
from tracking.protocols.wandb.run_values import RunValues

RUN = Run(
    name="abc123",
    number=1,
    display_name="calm-river-1",
    state="finished",
    tags=["baseline", "gpu"],
    group="g1",
    notes="한글 notes 🎉",
    user=User(username="bob"),
    config=json.dumps(
        {"lr": {"value": 0.1}, "opt": {"value": {"name": "adam"}}, "a.b": {"value": 1}, "n": {"value": None}}
    ),
    summary='{"loss": 0.25, "val": {"acc": 0.9}, "bad": NaN, "val/f1": 0.8}',
    created_at=datetime(2026, 11, 20, 7, 46, 18, tzinfo=UTC),
    heartbeat_at=datetime(2026, 11, 20, 8, 46, 18, tzinfo=UTC),
    changed_at=datetime(2026, 11, 20, 8, 46, 18, tzinfo=UTC),
)


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"state": "finished"},
        {"state": {"$ne": "running"}},
        {"config.lr": 0.1},
        {"config.lr.value": {"$gt": 0.05, "$lte": 0.1}},
        {"config.opt.name": "adam"},
        {"config.opt.value.name": "adam"},
        {"config.a.b": 1},
        {"config.none": None},
        {"config.n": None},
        {"config.none": {"$exists": False}},
        {"config.lr": {"$exists": True}},
        {"config.none": {"$ne": 3}},
        {"summary_metrics.loss": {"$lt": 0.3}},
        {"summary_metrics.val.acc": 0.9},
        {"summary_metrics.val/f1": {"$gte": 0.8}},
        {"tags": "gpu"},
        {"tags": {"$in": ["cpu", "gpu"]}},
        {"tags": {"$nin": ["cpu"]}},
        {"tags": {"$ne": "cpu"}},
        {"tags": ["baseline", "gpu"]},
        {"display_name": {"$regex": "^calm-"}},
        {"tags": {"$regex": "^base"}},
        {"display_name": {"$regex": r"(?i)RIVER-\d+$"}},
        {"notes": {"$regex": "^한글.*🎉"}},
        {"display_name": {"$not": {"$regex": "storm"}}},
        {"username": "bob", "name": "abc123"},
        {"created_at": {"$gte": "2026-11-20", "$lt": "2026-11-21T00:00:00"}},
        {"createdAt": {"$gt": "2026-11-20T07:46:17Z"}},
        {"duration": 3600},
        {"jobType": None},
        {"$and": [{"group": "g1"}, {"$or": [{"state": "running"}, {"config.lr": {"$in": [0.1]}}]}]},
        {"$nor": [{"state": "running"}, {"group": "g2"}]},
        {"$not": {"state": "running"}},
    ],
)
def test_a_filter_that_fits_lets_the_run_through(wanted: dict[str, Any]) -> None:
    predicate = parse(json.dumps(wanted))
    assert predicate is None or predicate(RunValues(RUN))


@pytest.mark.parametrize(
    "wanted",
    [
        {"state": "running"},
        {"config.lr": {"$gt": 0.1}},
        {"config.lr": "0.1"},
        {"config.none": {"$gt": 0}},
        {"config.opt": {"$gt": 0}},
        {"config.none": {"$exists": True}},
        {"summary_metrics.bad": {"$lt": 1}},
        {"summary_metrics.bad": {"$gt": 1}},
        {"summary_metrics.loss": {"$gt": "0"}},
        {"tags": "cpu"},
        {"tags": {"$nin": ["gpu"]}},
        {"display_name": {"$regex": "^river"}},
        {"created_at": {"$gt": "2026-11-21"}},
        {"$or": []},
        {"$and": [{"state": "finished"}, {"group": "g2"}]},
        {"$nor": [{"state": "finished"}]},
    ],
)
def test_a_filter_that_does_not_fit_holds_the_run_back(wanted: dict[str, Any]) -> None:
    predicate = parse(json.dumps(wanted))
    assert predicate is not None
    assert not predicate(RunValues(RUN))


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ("{", "not JSON"),
        ("[1]", "expected an object"),
        ('{"$not":' * 300 + "{}" + "}" * 300, "nested too deeply"),
        ('{"$and": {}}', "$and takes a list"),
        ('{"$where": "1"}', "$where"),
        ('{"state": {"$near": 1}}', "$near"),
        ('{"state": {"$in": "running"}}', "$in takes a list"),
        ('{"state": {"$regex": "("}}', "cannot read the pattern"),
        ('{"state": {"$regex": 3}}', "$regex takes a pattern"),
        ('{"state": {"$regex": "(?=a)"}}', "cannot read the pattern"),
        ('{"state": {"$regex": "((a{30}){30}){30}"}}', "cannot read the pattern"),
    ],
)
def test_a_filter_that_cannot_be_used_says_why(filters: str, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parse(filters)
    assert told in " ".join(refused.value.messages)


def test_a_pattern_that_makes_others_backtrack_is_matched_in_linear_time() -> None:
    predicate = parse('{"notes": {"$regex": "^(a+)+$"}}')
    assert predicate is not None
    assert not predicate(RunValues(Run(notes="a" * 5000 + "!")))


def test_half_a_character_in_a_pattern_or_a_value_is_taken_as_it_is() -> None:
    predicate = parse(r'{"notes": {"$regex": "a\ud83cb"}}')
    assert predicate is not None
    assert predicate(RunValues(Run(notes="a\ud83cb")))
    assert not predicate(RunValues(RUN))


def test_an_unknown_column_is_refused_with_the_known_ones() -> None:
    predicate = parse('{"colour": "red"}')
    assert predicate is not None
    with pytest.raises(ValidationError, match="display_name"):
        predicate(RunValues(RUN))
