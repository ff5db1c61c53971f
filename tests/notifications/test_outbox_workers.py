"""Workers that die, that are slow, and several at the same time: each message still goes out once and in order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from time_machine import Traveller

from notifications import outbox
from notifications.models import Attempt, Delivery
from notifications.pacing import BACK_OFF, LEASE
from tests.notifications.conftest import Lab, fail_run, only_delivery, titles, work
from tests.slack_server import SlackServer
from tracking import events

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

State = Delivery.State
ON_THEIR_WAY = (State.WAITING, State.SENDING)


def test_a_worker_that_dies_while_sending_is_followed_by_another_with_the_same_reference(
    lab: Lab, slack: SlackServer, clock: Traveller
) -> None:
    channel = lab.slack()
    lab.rule_on("failed", channels=[channel])
    fail_run(lab)
    events.dispatch()
    assert outbox.claim_next(channel.pk) is not None  # … and nobody ever hears of that worker again
    work()
    assert slack.posted == []
    clock.shift(LEASE + timedelta(seconds=1))
    work()
    assert len(slack.posted) == 1
    first, second = Attempt.objects.order_by("number")
    assert (first.milliseconds, second.is_success) == (None, True)


def test_every_try_carries_the_same_reference(lab: Lab, slack: SlackServer, clock: Traveller) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab)
    work()
    Delivery.objects.update(state=State.SENDING, leased_until=timezone.now() - timedelta(seconds=1))
    work()
    first, second = slack.posted
    assert first.metadata == second.metadata


def test_a_message_that_kills_every_worker_is_given_up(lab: Lab, slack: SlackServer, clock: Traveller) -> None:
    channel = lab.slack()
    lab.rule_on("failed", channels=[channel])
    fail_run(lab)
    events.dispatch()
    while outbox.claim_next(channel.pk) is not None:
        clock.shift(LEASE + timedelta(seconds=1))
    delivery = only_delivery()
    assert (delivery.state, delivery.attempts_made) == (State.FAILED, len(BACK_OFF) + 1)
    assert "cut short" in delivery.reason


def test_a_worker_that_wakes_up_after_its_lease_undoes_nothing(lab: Lab, slack: SlackServer, clock: Traveller) -> None:
    channel = lab.slack()
    lab.rule_on("failed", channels=[channel])
    fail_run(lab)
    events.dispatch()
    slow = outbox.claim_next(channel.pk)
    assert slow is not None
    clock.shift(LEASE + timedelta(seconds=1))
    work()
    slack.refuse("chat.postMessage", "msg_too_long")
    outbox._deliver(slow)
    delivery = only_delivery()
    assert (delivery.state, delivery.external_id) == (State.SENT, slack.posted[0].ts)


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_send_in_order_and_each_message_once(committed_lab: Lab, slack: SlackServer) -> None:
    committed_lab.rule_on("failed", channels=[committed_lab.slack()])
    for number in range(8):
        fail_run(committed_lab, f"run-{number}")
    events.dispatch()
    at_the_same_time(outbox.deliver_due)
    assert titles(slack) == [f"❌ run-{number} failed" for number in range(8)]
    assert set(Delivery.objects.values_list("attempts_made", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_workers_that_dispatch_at_the_same_time_make_each_delivery_once(committed_lab: Lab, slack: SlackServer) -> None:
    committed_lab.rule_on("failed", channels=[committed_lab.slack()])
    for number in range(8):
        fail_run(committed_lab, f"run-{number}")
    at_the_same_time(work)
    assert sorted(titles(slack)) == [f"❌ run-{number} failed" for number in range(8)]


def at_the_same_time(task: Callable[[], object], workers: int = 4) -> None:
    """Several threads, each with a connection of its own, until everything is sent."""
    start = threading.Barrier(workers)

    def labour() -> None:
        start.wait()
        try:
            while not Delivery.objects.exists() or Delivery.objects.filter(state__in=ON_THEIR_WAY).exists():
                task()
        finally:
            connection.close()

    threads = [threading.Thread(target=labour) for _number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
