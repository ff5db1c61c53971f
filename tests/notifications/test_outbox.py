"""The outbox: each fact becomes one message to each channel, in order and at a pace the channel bears."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from time_machine import Traveller

from notifications.models import Attempt, Delivery
from tests.factories import log_metrics, make_run
from tests.notifications.conftest import Lab, fail_run, only_delivery, titles, work
from tests.notifications.moody_mail import MoodyMailServer
from tests.slack_server import SlackServer
from tracking import ingest

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

State = Delivery.State


def test_a_failed_run_becomes_one_message(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab)
    for _sweep in range(3):
        work()
    delivery = only_delivery()
    assert titles(slack) == ["❌ abc123 failed"]
    assert (delivery.state, delivery.external_id, delivery.attempts_made) == (State.SENT, slack.posted[0].ts, 1)
    attempt = Attempt.objects.get()
    assert (attempt.number, attempt.is_success, attempt.status) == (1, True, "200")
    assert attempt.milliseconds is not None


def test_slack_and_mail_each_get_theirs(lab: Lab, slack: SlackServer, mail: MoodyMailServer) -> None:
    lab.rule_on("failed", channels=[lab.slack(), lab.webhook(slack.webhook_url), lab.email()])
    fail_run(lab)
    work()
    assert len(slack.posted) == 2
    assert len(mail.messages) == 1
    assert not Delivery.objects.exclude(state=State.SENT).exists()


def test_a_crossing_is_sent_with_its_chart(lab: Lab, slack: SlackServer, mail: MoodyMailServer) -> None:
    lab.rule_when("val/loss", ">", 0.5, [lab.slack(), lab.email()])
    run = make_run(lab.project, lab.people.bob, display_name="calm-otter-12")
    log_metrics(run, [{"val/loss": 0.3}, {"val/loss": 0.4}, {"val/loss": 0.62}])
    work()
    assert titles(slack) == ["⚠️ calm-otter-12: val/loss is 0.62"]
    assert slack.posted[0].images[0].startswith(b"\x89PNG")
    pictures = [part for part in mail.messages[0].walk() if part.get_content_type() == "image/png"]
    assert [isinstance(part, EmailMessage) for part in pictures] == [True]


def test_the_second_message_about_a_run_joins_the_thread_of_the_first(lab: Lab, slack: SlackServer) -> None:
    channel = lab.slack()
    lab.rule_when("loss", ">", 0.5, [channel])
    lab.rule_on("failed", channels=[channel])
    run = make_run(lab.project)
    log_metrics(run, [{"loss": 0.6}])
    work()
    ingest.finish_run(run=run, exit_code=1)
    work()
    assert [message.thread_ts for message in slack.posted] == ["", slack.posted[0].ts]


def test_what_was_sent_can_be_read_again(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab)
    work()
    message = only_delivery().message
    assert message is not None
    assert message["title"] == "abc123 failed"
    assert ["Exit code", "1"] in message["fields"]


def test_messages_leave_in_the_order_of_what_happened(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    for number in range(5):
        fail_run(lab, f"run-{number}")
    work()
    assert titles(slack) == [f"❌ run-{number} failed" for number in range(5)]


def test_a_burst_goes_out_at_once_and_the_rest_a_message_a_second(
    lab: Lab, slack: SlackServer, clock: Traveller
) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    for number in range(25):
        fail_run(lab, f"run-{number:02d}")
    work()
    assert len(slack.posted) == 10
    clock.shift(1)
    work()
    assert len(slack.posted) == 11
    for _sweep in range(2):
        clock.shift(10)
        work()
    assert titles(slack) == [f"❌ run-{number:02d} failed" for number in range(25)]


def test_mail_is_not_paced(lab: Lab, mail: MoodyMailServer, clock: Traveller) -> None:
    lab.rule_on("failed", channels=[lab.email()])
    for number in range(15):
        fail_run(lab, f"run-{number}")
    work()
    assert len(mail.messages) == 15


def test_a_message_that_fails_is_not_overtaken_in_a_hiccup(lab: Lab, slack: SlackServer, clock: Traveller) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab, "first")
    fail_run(lab, "second")
    slack.answer("chat.postMessage", 500)
    work()
    assert slack.posted == []
    clock.shift(10)
    work()
    assert titles(slack) == ["❌ first failed", "❌ second failed"]


def test_a_channel_that_is_broken_does_not_stop_the_others(lab: Lab, slack: SlackServer, mail: MoodyMailServer) -> None:
    broken = lab.slack("broken", address="C0OLD")
    lab.rule_on("failed", channels=[broken, lab.email(), lab.slack("fine")])
    fail_run(lab)
    work()
    assert (len(slack.posted), len(mail.messages)) == (1, 1)
    assert Delivery.objects.get(channel=broken).state == State.FAILED
