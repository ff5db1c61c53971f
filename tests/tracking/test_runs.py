"""The run query language, as reports, the project page and rules use it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_project, make_run
from tests.people import make_people
from tracking import runs
from tracking.models import Project, Run

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


@pytest.fixture
def project() -> Project:
    people = make_people()
    project = make_project(people.team, people.alice)
    make_run(
        project,
        people.alice,
        "aaa111",
        display_name="calm-otter-1",
        tags=["baseline", "한국어"],
        group="warm-up",
        config={"lr": 0.1, "optimizer": {"name": "adam", "betas": [0.9, 0.99]}, "debug": False, "seed": "1"},
        summary={"val/loss": 0.5, "val.acc": 0.9},
    )
    make_run(
        project,
        people.bob,
        "bbb222",
        display_name="calm-otter-12",
        tags=["baseline", "long"],
        config={"lr": 1e-5, "optimizer": {"name": "sgd"}, "debug": True, "seed": "2"},
        summary={"val/loss": 0.3},
    )
    make_run(
        project,
        people.bob,
        "ccc333",
        display_name="brisk heron",
        notes="Diverged 50% of the time.",
        config={"lr": "1e-3", "seed": 3},
        summary={"val/loss": float("nan")},
    )
    Run.objects.filter(name="ccc333").update(state="failed", created_at=timezone.now() - timedelta(days=10))
    return project


def ids(project: Project, query: str, limit: int = 100) -> list[str]:
    return [run.name[0] for run in runs.find(project.runs.all(), query, limit=limit)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "cba"),
        ("   ", "cba"),
        ("otter", "ba"),
        ("OTTER", "ba"),
        ("calm otter-12", "b"),
        ("aaa111", "a"),
        ("aaa111, ccc333", "ca"),
        ("calm-otter-1,", "a"),
        ('"brisk heron", bbb222', "cb"),
        ('name = "brisk heron"', "c"),
        ("name != calm-otter-1", "cb"),
        ("name ~ HERON", "c"),
        ("id in [aaa111, bbb222]", "ba"),
        ("id not in [aaa111, bbb222]", "c"),
        ("tags = baseline", "ba"),
        ("tags == baseline", "ba"),
        ("tags != baseline", "c"),
        ("tags = base", ""),
        ("tags ~ BASE", "ba"),
        ("tags ~ %", ""),
        ("tags = 한국어", "a"),
        ("tags in [long, 한국어]", "ba"),
        ("tags exists", "ba"),
        ("not tags exists", "c"),
        ("state = failed", "c"),
        ("state in [failed, RUNNING]", "cba"),
        ("user = bob", "cb"),
        ("group exists", "a"),
        ("notes ~ '50%'", "c"),
        ("created > -7d", "ba"),
        ("created < -1w", "c"),
        ("created >= 2020-01-01 and created < 2100-01-01T10:00:00Z", "cba"),
        ("created = 2020-01-01", ""),
        ("config.lr > 1e-4", "ca"),
        ("config.lr = 0.001", "c"),
        ("config.lr = 0.10", "a"),
        ("config.seed = 3", "c"),
        ('config.seed = "1"', "a"),
        ("config.seed in [1, 2]", "ba"),
        ("config.debug = true", "b"),
        ("config.debug != true", "ca"),
        ("config.debug exists", "ba"),
        ("config.optimizer.name = adam", "a"),
        ("config.optimizer.betas ~ 0.99", "a"),
        ("config.missing > 1", ""),
        ("summary.val/loss < 0.4", "b"),
        ("summary.val/loss = nan", "c"),
        ("summary.val.acc > 0.8", "a"),
        ('summary."val/loss" <= 0.5', "ba"),
        ("tags = baseline and config.lr > 1e-4", "a"),
        ("tags = long or config.lr = 1e-3", "cb"),
        ("not (tags = long or config.lr = 1e-3)", "a"),
        ("otter and not state = failed", "ba"),
        ("order by name", "cab"),
        ("order by name desc", "bac"),
        ("order by summary.val/loss", "bac"),
        ("order by summary.val/loss desc", "abc"),
        ("order by state, summary.val/loss", "cba"),
        ("order by user, config.lr desc", "acb"),
        ("limit 2", "cb"),
        ("tags = baseline order by summary.val/loss limit 1", "b"),
        ("order", ""),
        ("limit_by", ""),
    ],
)
def test_a_query_finds(project: Project, query: str, expected: str) -> None:
    assert "".join(ids(project, query)) == expected


@pytest.mark.parametrize(
    ("query", "position", "hint"),
    [
        ("stat = running", 0, "Did you mean “state”?"),
        ("config = 3", 0, "Write config.NAME"),
        ("lr > 3", 0, "config.KEY"),
        ("state = runing", 8, "Did you mean “running”?"),
        ("state = blue", 8, "Write one of pending"),
        ("state =", 7, "Write a value here"),
        ("state = running tags = x", 16, "Write “and” or “or”"),
        ("(state = running", 16, "Write ) here"),
        ("state = running)", 15, "Write “and” or “or”"),
        ("state in running", 9, "[finished, failed]"),
        ("state in [running", 17, "Write ] here"),
        ("name = 'calm", 7, "never closed"),
        ("name = x order summary.x", 15, "order by created"),
        ("order by", 8, "a field"),
        ("order by tags", 9, "cannot be ordered"),
        ("limit", 5, "a number of runs"),
        ("limit ten", 6, "limit 10"),
        ("created > yesterday", 10, "-7d"),
        ("created > 2026-02-31", 10, "2026-11-20"),
        ("created ~ 2026", 10, "Compare a time"),
        ("tags > a", 7, "tags = a"),
        ("and", 0, "a condition"),
        ("a ! b", 2, "!="),
        ("(" * 200, 51, "Too many"),
        ("not " * 5000, 4000, "at most"),
    ],
)
def test_a_wrong_query_says_where_and_what_to_write(query: str, position: int, hint: str) -> None:
    with pytest.raises(runs.RunQueryError) as caught:
        runs.check(query)
    assert hint in str(caught.value)
    assert caught.value.position == position


@given(st.text(alphabet="ab .,=<>!~()[]'\"\\01-", max_size=40) | st.text(max_size=40))
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    try:
        runs.check(text)
    except runs.RunQueryError as error:
        assert 0 <= error.position <= len(text)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_a_listing_names_exactly_its_runs(names: list[str]) -> None:
    runs.check(runs.listing(names))


def test_a_listing_finds_names_with_quotes_and_blanks(project: Project) -> None:
    make_run(project, None, "ddd444", display_name='the "best" \\ run, so far')
    assert ids(project, runs.listing(['the "best" \\ run, so far'])) == ["d"]


def test_a_selection_counts_what_matched_and_what_there_is(project: Project) -> None:
    selection = runs.select(project.runs.all(), "otter", limit=1)
    assert (len(selection.runs), selection.matching, selection.total) == (1, 2, 3)
    by_value = runs.select(project.runs.all(), "config.lr exists order by config.lr limit 2", limit=1)
    assert ([run.name for run in by_value.runs], by_value.matching, by_value.total) == (["bbb222"], 2, 3)


def test_a_query_never_reaches_beyond_the_queryset_it_was_given(project: Project) -> None:
    assert runs.find(project.runs.filter(name="aaa111"), "bbb222 or config.lr exists", limit=10) == [
        project.runs.get(name="aaa111")
    ]


def test_config_and_summary_come_unwrapped_and_without_the_clients_own_keys(project: Project) -> None:
    run = make_run(
        project,
        None,
        "eee555",
        config='{"_wandb":{"value":{"t":{}}},"lr":{"desc":null,"value":NaN},"plain":1,"pair":{"value":1,"unit":"s"}}',
        summary='{"loss":Infinity,"_wandb":{"runtime":3},"_step":9}',
    )
    config = runs.config_of(run)
    assert config.pop("lr") != config
    assert config == {"plain": 1, "pair": {"value": 1, "unit": "s"}}
    assert runs.summary_of(run) == {"loss": float("inf"), "_step": 9}


def test_differences_are_the_config_keys_that_differ(project: Project) -> None:
    found = runs.differences(list(project.runs.order_by("number")[:2]))
    assert [(row.key, row.values) for row in found] == [
        ("debug", (False, True)),
        ("lr", (0.1, 1e-5)),
        ("optimizer.betas", ([0.9, 0.99], None)),
        ("optimizer.name", ("adam", "sgd")),
        ("seed", ("1", "2")),
    ]
    assert runs.differences(list(project.runs.all()[:1])) == []
