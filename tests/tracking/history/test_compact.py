"""Compaction moves lines from the tail into columns and changes nothing a reader sees."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any, TypeVar

import pytest
import time_machine
from django.db import connections, transaction
from django.utils import timezone

from tracking import history, tasks
from tracking.history import HISTORY, SYSTEM
from tracking.history.models import HistoryChunk, HistoryTail

pytestmark = pytest.mark.django_db

T = TypeVar("T")

RUN = 7


def line(number: int, **fields: Any) -> str:
    return json.dumps({"_step": number, "loss": number / 3, **fields})


def append(start: int, stop: int, *, at_once: int = 10_000) -> None:
    for first in range(start, stop, at_once):
        last = min(first + at_once, stop)
        history.append(RUN, HISTORY, first, [line(number) for number in range(first, last)])


def test_lines_move_out_of_the_tail() -> None:
    append(0, 100, at_once=7)
    before = list(history.rows(RUN))
    assert history.compact(RUN, HISTORY) == 100
    assert HistoryTail.objects.count() == 0
    assert list(history.rows(RUN)) == before
    assert history.compact(RUN, HISTORY) == 0
    assert history.next_line(RUN) == 100


def test_a_stream_that_has_no_lines_has_nothing_to_compact() -> None:
    assert history.compact(RUN, SYSTEM) == 0


def test_a_line_that_was_compacted_is_not_stored_again() -> None:
    append(0, 50)
    history.compact(RUN, HISTORY)
    again = history.append(RUN, HISTORY, 40, [line(number, late=True) for number in range(40, 60)])
    assert (again.first_new, again.next_line) == (50, 60)
    assert ["late" in row for _number, row in history.rows(RUN, start_line=48)] == [False, False] + [True] * 10


def test_small_chunks_become_large_ones() -> None:
    for start in range(0, 30_000, 300):
        append(start, start + 300)
        history.compact(RUN, HISTORY)
    losses = HistoryChunk.objects.filter(key__name="loss").order_by("first_line")
    assert losses.count() <= 10
    assert [number for number, _row in history.rows(RUN)] == list(range(30_000))
    assert history.keys(RUN)["loss"].count == 30_000


def test_a_chunk_has_no_more_than_65536_points() -> None:
    append(0, 150_000)
    history.compact(RUN, HISTORY)
    sizes = HistoryChunk.objects.filter(key__name="loss").values_list("count", flat=True)
    assert max(sizes) <= 65_536
    assert sum(sizes) == 150_000
    assert len(sizes) <= 4


def test_large_values_stay_in_chunks_of_bearable_size() -> None:
    texts = ["".join(chr(33 + (i * j) % 90) for j in range(300_000)) for i in range(40)]
    for number, text in enumerate(texts):
        history.append(RUN, HISTORY, number, [line(number, note=text)])
        history.compact(RUN, HISTORY)
    assert max(len(raw) for raw in HistoryChunk.objects.values_list("raw", flat=True)) <= 2**20
    assert [row["note"] for _number, row in history.rows(RUN)] == texts


def test_a_gap_stops_compaction_until_it_is_filled() -> None:
    append(0, 10)
    append(20, 30)
    assert history.compact(RUN, HISTORY) == 10
    assert history.compact(RUN, HISTORY) == 0
    append(5, 25)
    assert history.compact(RUN, HISTORY) == 20
    assert [number for number, _row in history.rows(RUN)] == list(range(30))


def test_a_gap_is_lost_after_an_hour() -> None:
    append(10, 20)
    assert history.compact(RUN, HISTORY) == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert history.compact(RUN, HISTORY) == 10
        append(0, 12)
        append(20, 21)
    assert [number for number, _row in history.rows(RUN)] == list(range(10, 21))


def test_broken_lines_keep_the_good_ones() -> None:
    lines = [line(0), "{", "", '"text"', line(4), "[" * 100_000, line(6)]
    history.append(RUN, HISTORY, 0, lines)
    for _ in range(2):
        assert [number for number, _row in history.rows(RUN)] == [0, 4, 6]
        assert history.read([RUN], "loss").x.tolist() == [0, 4, 6]
        assert history.keys(RUN).keys() == {"_step", "loss"}
        assert history.next_line(RUN) == 7
        history.compact(RUN, HISTORY)


def test_ten_thousand_keys_in_a_run() -> None:
    names = [f"층.{number}/가중치" for number in range(10_000)]
    history.append(RUN, HISTORY, 0, [json.dumps(dict.fromkeys(names, step), ensure_ascii=False) for step in range(3)])
    before = history.keys(RUN)
    history.compact(RUN, HISTORY)
    history.append(RUN, HISTORY, 3, [json.dumps(dict.fromkeys(names, 3))])
    history.compact(RUN, HISTORY)
    assert before.keys() == history.keys(RUN).keys() == set(names)
    assert history.last([RUN], names[-2:]) == {RUN: dict.fromkeys(names[-2:], 3.0)}
    assert history.read([RUN], names[77]).runs[RUN].mean.tolist() == [0, 1, 2, 3]
    assert len(list(history.rows(RUN))[3][1]) == 10_000


def test_a_tail_is_due_when_it_is_long_or_old() -> None:
    append(0, 4095)
    history.append(RUN, SYSTEM, 0, ["{}"])
    assert history.due() == []
    append(4095, 4096)
    assert history.due() == [(RUN, HISTORY)]
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert sorted(history.due()) == [(RUN, HISTORY), (RUN, SYSTEM)]
        assert tasks.compact_due_histories() == 4097
        assert history.due() == []
        history.append(RUN, SYSTEM, 1, ["{}"])
        assert history.due() == []


def test_a_history_that_cannot_be_compacted_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    append(0, 10)
    history.compact(RUN, HISTORY)
    HistoryChunk.objects.update(raw=b"")  # a disk that lost it
    append(10, 20)
    history.append(RUN + 1, HISTORY, 0, [line(0)])
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        tasks.compact_due_histories()
        assert history.due() == []
    assert f"the history of run {RUN} could not be compacted" in caplog.text
    assert list(history.rows(RUN + 1)) == [(0, json.loads(line(0)))]


@pytest.mark.django_db(transaction=True)
def test_two_compactors_lose_and_double_nothing() -> None:
    for start in range(0, 3000, 100):
        append(start, start + 100, at_once=9)
        moved = _together(lambda: history.compact(RUN, HISTORY), lambda: history.compact(RUN, HISTORY))
        assert sum(moved) == 100
        assert [number for number, _row in history.rows(RUN)] == list(range(start + 100))
    counts = HistoryChunk.objects.filter(key__name="loss").values_list("count", flat=True)
    assert sum(counts) == 3000


@pytest.mark.django_db(transaction=True)
def test_readers_see_every_line_once_while_lines_arrive_and_are_compacted() -> None:
    def write() -> None:
        for start in range(0, 2000, 20):
            with transaction.atomic():
                append(start, start + 20)

    def compact() -> None:
        while history.next_line(RUN) < 2000 or HistoryTail.objects.exists():
            history.compact(RUN, HISTORY)

    def look() -> None:
        seen = 0
        while seen < 2000:
            known = history.next_line(RUN)
            assert [number for number, _row in history.rows(RUN)][:known] == list(range(known))
            curve = history.read([RUN], "loss", width=5000).runs.get(RUN)
            seen = 0 if curve is None else len(curve.mean)
            assert seen >= known
            assert curve is None or curve.count.tolist() == [1] * seen
            info = history.keys(RUN).get("loss")
            assert known == 0 or (info is not None and info.count >= seen and info.last_step == info.count - 1)

    _together(write, compact, compact, look, look)


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_the_same_lines_store_them_once() -> None:
    def write() -> int:
        new = 0
        for start in range(0, 500, 10):
            with transaction.atomic():
                appended = history.append(RUN, HISTORY, start, [line(n) for n in range(start, start + 10)])
            new += start + 10 - appended.first_new
        return new

    assert sum(_together(write, write, write)) == 500
    assert [number for number, _row in history.rows(RUN)] == list(range(500))


def _together(*calls: Callable[[], T]) -> list[T]:
    """What each call returns, all begun at once on threads of their own."""
    barrier = Barrier(len(calls))

    def begin(call: Callable[[], T]) -> T:
        barrier.wait()
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(begin, call) for call in calls]]
