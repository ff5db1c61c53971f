"""What people ask for: a test, and another try."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from notifications import outbox
from notifications.deliveries import queue_channel_test, queue_rule_test, try_again
from notifications.models import Attempt, Channel, Delivery
from tests.factories import log_metrics, make_run
from tests.notifications.conftest import Lab, fail_run, only_delivery, titles, work
from tests.notifications.moody_mail import MoodyMailServer
from tests.slack_server import SlackServer
from tracking import events

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

State = Delivery.State


def test_a_test_of_a_channel_shows_text_and_picture(lab: Lab, slack: SlackServer) -> None:
    queue_channel_test(channel=lab.slack())
    work()
    assert titles(slack) == ["ℹ️ Debrief can write here"]
    assert slack.posted[0].images[0].startswith(b"\x89PNG")


def test_a_test_is_tried_once_and_shows_the_answer(lab: Lab, slack: SlackServer) -> None:
    slack.answer("chat.postMessage", 500, "oh no")
    queue_channel_test(channel=lab.slack())
    work()
    delivery = only_delivery()
    assert (delivery.state, delivery.attempts_made) == (State.FAILED, 1)
    assert "oh no" in Attempt.objects.get().answer


def test_a_paused_channel_can_be_tested(lab: Lab, slack: SlackServer) -> None:
    channel = lab.slack()
    Channel.objects.update(paused_at=timezone.now(), paused_because="broken")
    queue_channel_test(channel=channel)
    work()
    assert only_delivery().state == State.SENT


def test_a_test_overtakes_what_waits(lab: Lab, slack: SlackServer) -> None:
    channel = lab.slack()
    lab.rule_on("failed", channels=[channel])
    fail_run(lab)
    events.dispatch()
    queue_channel_test(channel=channel)
    outbox.deliver_due()
    assert titles(slack) == ["ℹ️ Debrief can write here", "❌ abc123 failed"]


def test_a_test_of_a_rule_goes_to_each_of_its_channels(lab: Lab, slack: SlackServer, mail: MoodyMailServer) -> None:
    rule = lab.rule_when("loss", ">", 0.5, [lab.slack(), lab.email()])
    run = make_run(lab.project, display_name="calm-otter-12", summary={"loss": 0.4})
    log_metrics(run, [{"loss": 0.4}])
    queue_rule_test(rule=rule)
    work()
    assert titles(slack) == ["ℹ️ Test of the rule “loss goes above 0.5”"]
    assert "calm-otter-12" in slack.posted[0].blocks[1]["text"]["text"]
    assert len(mail.messages) == 1


def test_a_test_of_a_rule_without_runs_still_arrives(lab: Lab, slack: SlackServer) -> None:
    queue_rule_test(rule=lab.rule_on("failed", channels=[lab.slack()]))
    work()
    assert len(slack.posted) == 1


def test_a_rule_without_channels_cannot_be_tested(lab: Lab) -> None:
    with pytest.raises(ValidationError, match="no channel"):
        queue_rule_test(rule=lab.rule_on("failed"))


def test_a_failed_message_can_be_tried_again(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab)
    slack.refuse("chat.postMessage", "msg_too_long")
    work()
    try_again(delivery=only_delivery())
    work()
    delivery = only_delivery()
    assert (delivery.state, delivery.attempts_made, len(slack.posted)) == (State.SENT, 2, 1)


def test_a_message_that_was_sent_is_not_sent_again_by_that(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab)
    work()
    try_again(delivery=only_delivery())
    work()
    assert len(slack.posted) == 1


def test_what_a_paused_channel_did_not_get_can_be_tried_again_after_resuming_only(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    Channel.objects.update(paused_at=timezone.now(), paused_because="broken")
    fail_run(lab)
    work()
    with pytest.raises(ValidationError, match="resume it first"):
        try_again(delivery=only_delivery())
    Channel.objects.update(paused_at=None, paused_because="")
    try_again(delivery=only_delivery())
    work()
    assert len(slack.posted) == 1
