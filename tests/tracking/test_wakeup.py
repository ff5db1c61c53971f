"""A wake-up reaches the broker after the commit, and a broker that is away neither delays nor fails a transaction."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from celery import Celery
from django.db import transaction

from config.celery import app
from tests.servers import Valkey, free_port, wait_for
from tracking import wakeup

TASK = "tracking.tasks.dispatch_events"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def publish_to() -> Iterator[Callable[[str], None]]:
    """Call it with the address of the broker that wake-ups go to in this test."""

    def use(url: str) -> None:
        wakeup._start_afresh()
        options = app.conf.broker_transport_options
        Celery("test", broker=url, set_as_current=False, broker_transport_options=options).set_default()

    yield use
    wakeup._start_afresh()
    app.set_default()


def waiting_in(broker: Valkey) -> int:
    with redis.Redis.from_url(broker.url.replace("redis+socket", "unix")) as client:
        return int(client.llen("celery"))


def test_a_wake_up_is_published_after_the_commit(publish_to: Callable[[str], None]) -> None:
    with Valkey() as broker:
        publish_to(broker.url)
        with transaction.atomic():
            wakeup.wake_after_commit(TASK)
            assert wakeup._thread is None
        wait_for(lambda: waiting_in(broker) == 1, "the wake-up")


def test_a_transaction_that_is_rolled_back_wakes_nobody(publish_to: Callable[[str], None]) -> None:
    publish_to("redis://127.0.0.1:1/0")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        wakeup.wake_after_commit(TASK)
        raise ZeroDivisionError
    assert wakeup._thread is None


def refused(directory: Path) -> str:
    return f"redis://127.0.0.1:{free_port()}/0"


def missing(directory: Path) -> str:
    return f"redis+socket://{directory}/nobody.sock"


def hanging(directory: Path) -> str:
    """It takes the connection and never answers."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    listening.detach()  # stays open until the test session ends
    return f"redis://127.0.0.1:{port}/0"


@pytest.mark.parametrize("trouble", [refused, missing, hanging])
def test_a_broker_that_is_away_holds_up_no_transaction(
    trouble: Callable[[Path], str], publish_to: Callable[[str], None], tmp_path: Path
) -> None:
    publish_to(trouble(tmp_path))
    for number in range(50):
        with transaction.atomic():
            wakeup.wake_after_commit(TASK, number)
    # Publishing one of them takes seconds: had the commits waited for it, none would be left to publish.
    assert len(wakeup._waiting) >= 49


def test_a_broker_that_comes_back_hears_of_what_still_waits(publish_to: Callable[[str], None]) -> None:
    broker = Valkey()
    publish_to(broker.url)
    for number in range(3):
        wakeup.wake_after_commit(TASK, number)
    with broker:
        wait_for(lambda: waiting_in(broker) >= 2, "the wake-ups that waited")


def test_equal_wake_ups_wait_once_and_an_outage_fills_no_memory(publish_to: Callable[[str], None]) -> None:
    publish_to(f"redis://127.0.0.1:{free_port()}/0")
    for _again in range(5):
        wakeup.wake_after_commit(TASK, "equal")
    assert len(wakeup._waiting) <= 1
    for number in range(2 * wakeup.MOST_WAITING):
        wakeup.wake_after_commit(TASK, number)
    assert len(wakeup._waiting) <= wakeup.MOST_WAITING


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_forked_process_publishes_with_a_thread_of_its_own(publish_to: Callable[[str], None]) -> None:
    with Valkey() as broker:
        publish_to(broker.url)
        wakeup.wake_after_commit(TASK, "parent")
        wait_for(lambda: waiting_in(broker) == 1, "the parent's wake-up")
        child = os.fork()
        if child == 0:
            try:
                wakeup._put(TASK, ("child",))
                wait_for(lambda: waiting_in(broker) == 2, "the child's wake-up")
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(child, 0)[1] == 0
