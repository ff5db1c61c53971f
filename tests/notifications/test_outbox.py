"""The outbox: exactly one message a fact, in order, through failures, limits, dying workers and lost rights."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from pytest_django import Settings
from time_machine import Traveller, travel

from notifications import outbox, rules
from notifications.deliveries import queue_channel_test, queue_rule_test, try_again
from notifications.models import Attempt, Channel, Delivery
from notifications.pacing import BACK_OFF, LEASE
from teams.models import Membership
from tests.factories import log_metrics, make_run
from tests.notifications.conftest import Lab, only_delivery, work
from tests.notifications.moody_mail import MoodyMailServer
from tests.slack_server import TOKEN, SlackServer
from tracking import events, ingest
from tracking.models import Project, Run

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

State = Delivery.State
ON_THEIR_WAY = (State.WAITING, State.SENDING)


@pytest.fixture
def clock() -> Iterator[Traveller]:
    with travel("2026-11-20T12:00:00Z", tick=False) as traveller:
        yield traveller


def fail_run(lab: Lab, name: str = "abc123") -> Run:
    run = make_run(lab.project, lab.people.bob, name=name, display_name=name)
    ingest.finish_run(run=run, exit_code=1)
    return run


def titles(slack: SlackServer) -> list[str]:
    return [message.blocks[0]["text"]["text"] for message in slack.posted]


# -- the good way -----------------------------------------------------------------------------------------------------


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


# -- order and pace ---------------------------------------------------------------------------------------------------


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


# -- failures ---------------------------------------------------------------------------------------------------------


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


# -- dying workers ----------------------------------------------------------------------------------------------------


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


# -- rights at the moment of sending ----------------------------------------------------------------------------------


def test_a_rule_that_was_paused_meanwhile_is_not_sent(lab: Lab, slack: SlackServer) -> None:
    rule = lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab)
    events.dispatch()
    rules.set_enabled(rule=rule, user=lab.people.bob, is_enabled=False)
    work()
    assert slack.posted == []
    assert only_delivery().reason == "The rule was paused before this was sent."


def test_a_project_its_maker_may_not_see_any_more_is_not_told_of(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab)
    events.dispatch()
    Membership.objects.filter(team=lab.people.team, user=lab.people.bob).delete()
    Project.objects.update(visibility=Project.Visibility.PRIVATE)
    work()
    delivery = only_delivery()
    assert slack.posted == []
    assert delivery.state == State.SKIPPED
    assert "may not see it any more" in delivery.reason


def test_a_team_project_is_told_of_also_when_the_rules_maker_has_left(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    Membership.objects.filter(team=lab.people.team, user=lab.people.bob).delete()
    fail_run(lab)
    work()
    assert len(slack.posted) == 1


def test_a_project_that_moved_to_another_team_is_not_told_of(lab: Lab, slack: SlackServer) -> None:
    lab.rule_on("failed", channels=[lab.slack()])
    fail_run(lab)
    events.dispatch()
    Project.objects.update(team=lab.people.bob.personal_team)
    work()
    assert slack.posted == []
    assert "another team" in only_delivery().reason


# -- asked for by people ----------------------------------------------------------------------------------------------


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
