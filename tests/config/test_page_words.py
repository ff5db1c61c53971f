"""The small words of templates: numbers, times, states, initials, the side menu."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from config.templatetags import page
from teams.models import Team, User
from tests.factories import make_project, make_run
from tests.people import make_people
from tests.teams.browsers import browser_of
from tracking.models import Run


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1284, "1,284"),
        (123456789, "123,456,789"),
        (0.0, "0"),
        (0.5, "0.5"),
        (0.34127, "0.3413"),
        (-71.42857, "-71.43"),
        (12345.678, "12,346"),
        (0.00012, "0.00012"),
        (0.000032, "3.2e-5"),
        (6.02214076e23, "6.022e23"),
        (0.99999, "1"),
        (math.nan, "NaN"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_numbers_have_four_digits(value: float, shown: str) -> None:
    assert page.four_digits(value) == shown


def test_what_was_cut_off_is_there_on_hover_and_only_then() -> None:
    assert page.rounded(0.34127) == '<span title="0.34127">0.3413</span>'
    assert page.rounded(0.5) == "0.5"
    assert page.rounded(7) == "7"


@pytest.mark.parametrize(("value", "shown"), [(None, "–"), ("", "–"), ("adam", "adam"), (True, "True")])
def test_what_is_no_number_stays_as_it_is(value: Any, shown: str) -> None:
    assert page.rounded(value) == shown


@pytest.mark.parametrize(
    ("past", "shown"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(minutes=3), "3 min ago"),
        (timedelta(hours=2), "2 h ago"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=23), "23 h ago"),
        (timedelta(days=6), "6 d ago"),
        (timedelta(days=-7), "in 7 d"),
    ],
)
def test_times_are_relative_with_the_exact_one_on_hover(past: timedelta, shown: str) -> None:
    moment = timezone.now() - past
    words = str(page.ago(moment))
    assert f">{shown}</time>" in words
    assert f'datetime="{moment.isoformat()}"' in words
    assert "UTC" in words


def test_a_time_long_ago_is_a_date_and_no_time_is_never() -> None:
    assert str(timezone.now().year - 2) in str(page.ago(timezone.now() - timedelta(days=731)))
    assert page.ago(None) == "never"


@pytest.mark.parametrize("state", Run.State)
def test_every_state_has_a_shape_and_a_word(state: Run.State) -> None:
    shown = page.run_state(Run(state=state))
    assert str(state.label) in shown
    assert f'data-state="{state.value}"' in shown


def test_a_run_that_was_told_to_stop_says_so_until_it_has() -> None:
    assert "stopping" in page.run_state(Run(state=Run.State.RUNNING, stop_requested=True))
    assert "stopping" not in page.run_state(Run(state=Run.State.KILLED, stop_requested=True))


def test_a_run_keeps_its_colour_and_the_second_ten_are_dashed() -> None:
    assert page.color_of(Run(number=1)) == "var(--c0)"
    assert page.color_of(Run(number=11)) == "var(--c0)"
    assert "dashed" not in page.swatch(Run(number=10))
    assert "dashed" in page.swatch(Run(number=11))


@pytest.mark.parametrize(
    ("name", "initials"), [("alice", "AL"), ("Bob Marlow", "BM"), ("vision-lab", "VL"), ("김지수", "김"), ("x", "X")]
)
def test_initials_fit_into_a_small_circle(name: str, initials: str) -> None:
    assert f">{initials}</span>" in page.avatar(User(pk=1, username="u", display_name=name))


def test_a_name_cannot_bring_markup_along() -> None:
    assert "<b>" not in page.avatar(Team(pk=1, name="t", display_name="<b> <b>"))


@pytest.mark.django_db
def test_the_menu_shows_what_the_role_may_open_and_marks_where_one_is() -> None:
    people = make_people()
    make_run(make_project(people.team, people.alice), people.alice)
    menu = browser_of(people.vera).get("/vision-lab/image-ablations/rules").content.decode().split("</aside>")[0]
    assert '<a href="/vision-lab/image-ablations/rules" aria-current="page">' in menu
    assert menu.count('aria-current="page"') == 1
    assert "/vision-lab/image-ablations/settings" not in menu
    menu = browser_of(people.adam).get("/vision-lab/image-ablations/rules").content.decode().split("</aside>")[0]
    assert "/vision-lab/image-ablations/settings" in menu


@pytest.mark.django_db
def test_a_personal_team_has_no_members_in_its_menu() -> None:
    people = make_people()
    assert "/alice/-/members" not in browser_of(people.alice).get("/alice").content.decode()
