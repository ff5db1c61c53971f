"""How long to wait before the next try, and how fast one channel is written to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from notifications.pacing import BACK_OFF, BURST, paid_until, wait_after

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_each_failure_waits_longer_than_the_one_before() -> None:
    waits = [wait_after(failures) for failures in range(1, len(BACK_OFF) + 1)]
    assert waits == [
        timedelta(seconds=10),
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=6),
        timedelta(hours=12),
    ]


def test_after_the_last_wait_it_gives_up() -> None:
    assert wait_after(len(BACK_OFF) + 1) is None


def test_a_burst_passes_and_then_one_message_a_second() -> None:
    paced, sent = NOW, 0
    while paced < NOW + BURST:
        paced, sent = paid_until(paced, NOW, SECOND), sent + 1
    assert sent == 10
    assert paced < NOW + SECOND + BURST  # a second later one more may go


def test_silence_earns_no_more_than_one_burst() -> None:
    long_ago = NOW - timedelta(hours=1)
    assert paid_until(long_ago, NOW, SECOND) == NOW + SECOND
    assert paid_until(None, NOW, SECOND) == NOW + SECOND


def test_a_channel_without_a_rate_is_never_held_up() -> None:
    assert paid_until(NOW, NOW, timedelta(0)) == NOW
