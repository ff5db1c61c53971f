"""What the outbox does when a message does not go through: wait, obey, pause or give up, and say which."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from pytest_django import Settings
from time_machine import Traveller

from notifications import outbox
from notifications.channels import KINDS
from notifications.channels.types import Address, Message, Sent
from notifications.models import Attempt, Channel, Delivery
from notifications.pacing import BACK_OFF
from notifications.secrets import seal
from tests.notifications.conftest import Lab, fail_run, only_delivery, titles, work
from tests.slack_server import TOKEN, SlackServer
from tracking import events

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

State = Delivery.State


def test_each_failure_waits_longer_and_the_last_gives_up(lab: Lab, slack: SlackServer, clock: Traveller) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    slack.answer("chat.postMessage", 500, times=20)
    fail_run(lab)
    work()
    for wait in BACK_OFF:
        delivery = only_delivery()
        assert (delivery.state, delivery.next_attempt_at) == (State.WAITING, timezone.now() + wait)
        clock.shift(wait - timedelta(seconds=1))
        work()
        assert only_delivery().attempts_made == delivery.attempts_made
        clock.shift(1)
        work()
    delivery = only_delivery()
    assert (delivery.state, delivery.attempts_made) == (State.FAILED, len(BACK_OFF) + 1)
    assert delivery.reason == "Slack could not take the message just now."


def test_told_to_wait_the_channel_waits_and_no_try_is_used_up(lab: Lab, slack: SlackServer, clock: Traveller) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab, "first")
    fail_run(lab, "second")
    slack.rate_limit("chat.postMessage", 40)
    work()
    clock.shift(39)
    work()
    first = Delivery.objects.order_by("id")[0]
    assert slack.posted == []
    assert (first.state, first.failures, first.reason) == (State.WAITING, 0, "Slack asks to wait for 40 s.")
    clock.shift(1)
    work()
    assert titles(slack) == ["❌ first failed", "❌ second failed"]


def test_what_a_person_must_repair_pauses_the_channel_and_says_so_on_what_waited(lab: Lab, slack: SlackServer) -> None:
    channel = lab.slack()
    lab.rule_on("failed", channels=[channel])
    fail_run(lab, "first")
    fail_run(lab, "second")
    slack.refuse("chat.postMessage", "token_revoked")
    work()
    channel.refresh_from_db()
    assert channel.paused_at is not None
    assert "The bot token was revoked" in channel.paused_because
    first, second = Delivery.objects.order_by("id")
    assert (first.state, second.state) == (State.FAILED, State.SKIPPED)
    assert "The channel is paused" in second.reason
    assert Attempt.objects.get().is_permanent


def test_a_message_that_is_refused_stops_at_once_and_the_next_one_goes(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab, "first")
    fail_run(lab, "second")
    slack.refuse("chat.postMessage", "msg_too_long")
    work()
    assert [delivery.state for delivery in Delivery.objects.order_by("id")] == [State.FAILED, State.SENT]


def test_a_secret_never_comes_back_in_an_answer(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab)
    slack.answer("chat.postMessage", 500, f"you sent {TOKEN}")
    work()
    attempt = Attempt.objects.get()
    assert "you sent …" in attempt.answer
    assert TOKEN not in attempt.answer


@pytest.mark.parametrize("blank", [" ", "\n"])
def test_a_secret_with_a_blank_that_was_saved_earlier_is_neither_stored_nor_logged(
    lab: Lab, slack: SlackServer, blank: str, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = {
        lab.slack(): f"xoxb-hush{blank}hush",
        lab.webhook(slack.webhook_url): f"{slack.webhook_url}/hush{blank}x",
    }
    for channel, secret in secrets.items():
        Channel.objects.filter(pk=channel.pk).update(secret=seal(secret))
    lab.rule_on("failed", channels=list(secrets))
    fail_run(lab)
    work()
    assert {attempt.status for attempt in Attempt.objects.all()} == {"not allowed"}
    assert not any("hush" in attempt.answer for attempt in Attempt.objects.all())
    assert "hush" not in caplog.text


def test_what_an_exception_quotes_of_a_secret_is_neither_stored_nor_logged(
    lab: Lab, slack: SlackServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(address: Address, message: Message) -> Sent:
        raise RuntimeError(f"cannot send {address.secret!r} to {urlsplit(address.secret).path}")

    channel = lab.webhook(slack.webhook_url)
    monkeypatch.setitem(KINDS, channel.kind, replace(KINDS[channel.kind], send=break_down))
    lab.rule_on("failed", channels=[channel])
    fail_run(lab)
    work()
    assert Attempt.objects.get().answer == "cannot send '…' to /…"
    path = urlsplit(slack.webhook_url).path
    assert "RuntimeError" in caplog.text and path not in caplog.text


def test_only_the_first_kilobyte_of_an_answer_is_kept(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.webhook(slack.webhook_url)])
    fail_run(lab)
    slack.answer("services", 500, "x" * 5000)
    work()
    assert len(Attempt.objects.get().answer) == 1000


def test_a_token_sealed_with_a_key_that_is_gone_asks_for_the_token(
    lab: Lab, slack: SlackServer, settings: Settings
) -> None:
    channel = lab.slack()
    lab.rule_on("failed", channels=[channel])
    fail_run(lab)
    settings.SECRET_KEY = "another one " * 5
    work()
    channel.refresh_from_db()
    assert "SECRET_KEY" in channel.paused_because


def test_a_bug_in_one_message_does_not_stop_the_next(lab: Lab, slack: SlackServer) -> None:
    channel = lab.slack()
    lab.rule_on("failed", channels=[lab.email()])
    rule = lab.rule_on("failed", channels=[channel])
    fail_run(lab)
    events.dispatch()
    broken = Delivery.objects.get(channel__kind="email")
    assert broken.event is not None
    type(broken.event).objects.filter(pk=broken.event.pk).update(kind="metric.crossed", payload={})
    outbox.deliver_due()
    broken.refresh_from_db()
    assert (broken.state, broken.reason) == (State.WAITING, "Debrief could not write this message.")
    assert Attempt.objects.get(delivery=broken).status == "KeyError"
    assert Delivery.objects.get(rule=rule).state == State.WAITING
