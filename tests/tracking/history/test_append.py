"""Appending: the first copy of a line wins, whatever is repeated, overlapped or re-cut."""

import json

import pytest

from tracking import history
from tracking.history import HISTORY, SYSTEM

pytestmark = pytest.mark.django_db

RUN = 7


def lines(start: int, stop: int, value: float = 1.0) -> list[str]:
    return [json.dumps({"_step": line, "loss": value}) for line in range(start, stop)]


def stored() -> dict[int, float]:
    return {line: row["loss"] for line, row in history.rows(RUN)}


def test_a_run_without_lines_begins_with_line_0() -> None:
    assert history.next_line(RUN) == 0
    assert list(history.rows(RUN)) == []


def test_lines_come_back_with_their_numbers() -> None:
    appended = history.append(RUN, HISTORY, 0, lines(0, 3))
    assert (appended.first_new, appended.next_line) == (0, 3)
    assert list(history.rows(RUN)) == [(line, {"_step": line, "loss": 1.0}) for line in range(3)]
    assert history.next_line(RUN) == 3


def test_a_repeated_append_changes_nothing_and_says_so() -> None:
    history.append(RUN, HISTORY, 0, lines(0, 3))
    again = history.append(RUN, HISTORY, 0, lines(0, 3, value=2.0))
    assert (again.first_new, again.next_line) == (3, 3)
    assert stored() == {0: 1.0, 1: 1.0, 2: 1.0}


def test_a_longer_copy_adds_only_what_is_new() -> None:
    history.append(RUN, HISTORY, 0, lines(0, 3))
    longer = history.append(RUN, HISTORY, 0, lines(0, 5, value=2.0))
    assert (longer.first_new, longer.next_line) == (3, 5)
    assert stored() == {0: 1.0, 1: 1.0, 2: 1.0, 3: 2.0, 4: 2.0}


def test_a_gap_is_filled_later_without_touching_what_came_before() -> None:
    history.append(RUN, HISTORY, 4, lines(4, 6))
    assert history.next_line(RUN) == 6
    filled = history.append(RUN, HISTORY, 2, lines(2, 8, value=2.0))
    assert (filled.first_new, filled.next_line) == (2, 8)
    assert stored() == {2: 2.0, 3: 2.0, 4: 1.0, 5: 1.0, 6: 2.0, 7: 2.0}


def test_an_empty_append_changes_nothing() -> None:
    history.append(RUN, HISTORY, 0, lines(0, 2))
    assert history.append(RUN, HISTORY, 9, []) == history.Appended(first_new=9, next_line=2)
    assert history.next_line(RUN) == 2


def test_streams_and_runs_are_apart() -> None:
    history.append(RUN, HISTORY, 0, lines(0, 2))
    history.append(RUN, SYSTEM, 0, lines(0, 5))
    history.append(RUN + 1, HISTORY, 0, lines(0, 3))
    assert [history.next_line(RUN), history.next_line(RUN, SYSTEM), history.next_line(RUN + 1)] == [2, 5, 3]


def test_rows_can_be_asked_for_in_part() -> None:
    history.append(RUN, HISTORY, 0, lines(0, 4))
    history.append(RUN, HISTORY, 4, lines(4, 10))
    assert [line for line, _row in history.rows(RUN, start_line=3, stop_line=7)] == [3, 4, 5, 6]


def test_a_line_break_inside_a_line_does_not_make_two() -> None:
    history.append(RUN, HISTORY, 0, ['{"loss":\n 1}', '{"loss": 2}'])
    assert stored() == {0: 1, 1: 2}


def test_a_forgotten_run_has_no_lines() -> None:
    history.append(RUN, HISTORY, 0, lines(0, 4))
    history.append(RUN, SYSTEM, 0, lines(0, 4))
    history.append(RUN + 1, HISTORY, 0, lines(0, 4))
    history.forget(RUN)
    assert list(history.rows(RUN)) == list(history.rows(RUN, SYSTEM)) == []
    assert history.next_line(RUN) == 0
    assert history.next_line(RUN + 1) == 4
