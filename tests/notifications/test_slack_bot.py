"""The Slack channel with a bot token, against a local Slack: what arrives, and what each bad answer means."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from notifications.channels import slack_bot
from notifications.channels.errors import AddressError, SendError
from notifications.channels.types import Address
from tests.notifications.samples import FAILED, HUGE, PNG
from tests.slack_server import TOKEN, SlackServer

HERE = Address("slack_bot", "C0TRAIN", TOKEN)


def refusal(address: Address = HERE) -> SendError:
    with pytest.raises(SendError) as caught:
        slack_bot.send(address, FAILED)
    return caught.value


def test_the_chart_is_part_of_the_message(slack: SlackServer) -> None:
    sent = slack_bot.send(HERE, FAILED)
    (message,) = slack.posted
    assert message.images == [PNG]
    assert sent.external_id == message.ts
    assert message.text.startswith("❌ calm-otter-12 failed")
    assert next(iter(slack.files.values())).shared_in is None


def test_the_delivery_goes_along_so_that_a_second_copy_can_be_dropped(slack: SlackServer) -> None:
    slack_bot.send(HERE, FAILED)
    assert slack.posted[0].metadata == {
        "event_type": "debrief_delivery",
        "event_payload": {"delivery": "17-20261120120000"},
    }


def test_a_message_without_a_chart_uploads_nothing(slack: SlackServer) -> None:
    slack_bot.send(HERE, replace(FAILED, chart=None))
    assert slack.calls == ["chat.postMessage"]


def test_a_huge_message_is_accepted(slack: SlackServer) -> None:
    slack_bot.send(HERE, HUGE)
    assert slack.posted[0].images == [PNG]


def test_a_picture_slack_still_looks_at_is_waited_for(slack: SlackServer) -> None:
    slack.looks_at_pictures = 1
    slack_bot.send(HERE, FAILED)
    assert [message.images for message in slack.posted] == [[PNG]]


def test_a_picture_slack_will_not_show_goes_into_the_thread(
    slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_bot, "WAITS_FOR_PICTURE", (0.0, 0.0))
    slack.looks_at_pictures = 3
    sent = slack_bot.send(HERE, FAILED)
    (message,) = slack.posted
    assert message.images == []
    assert [file.shared_in for file in slack.files.values()] == [None, ("C0TRAIN", message.ts)]
    assert sent.answer == f"ts {message.ts}"


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_an_upload_that_is_refused_costs_the_picture_only(slack: SlackServer, step: str) -> None:
    slack.refuse(step, "storage_limit_reached")
    sent = slack_bot.send(HERE, FAILED)
    assert slack.posted[0].images == []
    assert "The chart could not be added (storage_limit_reached)" in slack.posted[0].blocks[-1]["elements"][0]["text"]
    assert sent.answer.startswith("The chart could not be added")


def test_an_upload_that_breaks_off_costs_the_picture_only(slack: SlackServer) -> None:
    slack.hang_up("upload")
    slack_bot.send(HERE, FAILED)
    assert "no connection" in slack.posted[0].blocks[-1]["elements"][0]["text"]


def test_an_app_that_may_not_upload_still_writes_and_says_which_permission_is_missing(slack: SlackServer) -> None:
    slack.refuse("files.getUploadURLExternal", "missing_scope")
    slack_bot.send(HERE, FAILED)
    assert "files:write" in slack.posted[0].blocks[-1]["elements"][0]["text"]


def test_the_second_message_about_a_run_is_a_reply_that_the_channel_sees(slack: SlackServer) -> None:
    first = slack_bot.send(HERE, FAILED)
    slack_bot.send(HERE, replace(FAILED, in_reply_to=first.external_id))
    assert (slack.posted[1].thread_ts, slack.posted[1].is_broadcast) == (first.external_id, True)


def test_a_reply_whose_thread_is_gone_becomes_a_message_of_its_own(slack: SlackServer) -> None:
    slack_bot.send(HERE, replace(FAILED, in_reply_to="1700000000.000001"))
    assert slack.posted[0].thread_ts == ""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("invalid_auth", "Copy it again"),
        ("not_authed", "Enter it again"),
        ("token_revoked", "enter the new token"),
        ("account_inactive", "Install it again"),
        ("channel_not_found", "Invite the app"),
        ("not_in_channel", "/invite"),
        ("is_archived", "archived"),
        ("restricted_action", "administrator"),
    ],
)
def test_what_a_person_must_repair_pauses_the_channel(slack: SlackServer, error: str, words: str) -> None:
    slack.refuse("chat.postMessage", error)
    problem = refusal()
    assert (problem.status, problem.permanent, problem.pauses) == (error, True, True)
    assert words in problem.reason


def test_a_wrong_token_is_found_before_the_upload(slack: SlackServer) -> None:
    assert refusal(Address("slack_bot", "C0TRAIN", "xoxb-wrong")).status == "invalid_auth"
    assert slack.calls == ["files.getUploadURLExternal"]


@pytest.mark.parametrize(
    ("channel", "error"), [("C0NONE", "channel_not_found"), ("C0OLD", "is_archived"), ("C0OTHER", "not_in_channel")]
)
def test_a_channel_that_cannot_be_written_to_is_named(slack: SlackServer, channel: str, error: str) -> None:
    assert refusal(Address("slack_bot", channel, TOKEN)).status == error


@pytest.mark.parametrize("method", ["chat.postMessage", "files.getUploadURLExternal"])
def test_too_many_requests_says_how_long_to_wait(slack: SlackServer, method: str) -> None:
    slack.rate_limit(method, 37)
    problem = refusal()
    assert (problem.status, problem.permanent, problem.retry_after) == ("429", False, timedelta(seconds=37))
    assert slack.posted == []


def test_a_limit_without_a_time_waits_half_a_minute(slack: SlackServer) -> None:
    slack.refuse("chat.postMessage", "ratelimited")
    assert refusal().retry_after == timedelta(seconds=30)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_trouble_at_slack_is_tried_again(slack: SlackServer, status: int) -> None:
    slack.answer("chat.postMessage", status, "<html>sorry</html>")
    problem = refusal()
    assert (problem.status, problem.permanent, problem.retry_after) == (str(status), False, None)
    assert "sorry" in problem.answer


def test_an_answer_that_is_no_json_is_tried_again(slack: SlackServer) -> None:
    slack.answer("chat.postMessage", 200, "<html>maintenance</html>")
    problem = refusal()
    assert (problem.status, problem.permanent) == ("200", False)


def test_an_empty_answer_is_tried_again(slack: SlackServer) -> None:
    slack.answer("chat.postMessage", 200, "")
    assert not refusal().permanent


def test_a_connection_that_ends_without_a_word_is_tried_again(slack: SlackServer) -> None:
    slack.hang_up("chat.postMessage")
    problem = refusal()
    assert (problem.status, problem.permanent) == ("no connection", False)


def test_a_slack_that_does_not_answer_times_out(slack: SlackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_bot, "TIMEOUT", 0.3)
    slack.sleep("chat.postMessage")
    problem = refusal()
    assert (problem.status, problem.permanent) == ("timed out", False)


def test_a_slack_that_is_not_there_is_tried_again(settings: object) -> None:
    settings.SLACK_API_URL = "http://127.0.0.1:9/api/"  # type: ignore[attr-defined]
    assert refusal().status == "no connection"


def test_a_message_slack_refuses_is_not_tried_again_but_pauses_nothing(slack: SlackServer) -> None:
    slack.refuse("chat.postMessage", "msg_blocks_too_long")
    problem = refusal()
    assert (problem.permanent, problem.pauses) == (True, False)


@pytest.mark.parametrize(
    ("address", "secret", "field"),
    [
        ("C0TRAIN", "hunter2", "secret"),
        ("C0TRAIN", f"{TOKEN} x", "secret"),
        ("", TOKEN, "address"),
        ("#a and #b", TOKEN, "address"),
    ],
)
def test_an_address_that_cannot_work_is_refused_with_its_field(address: str, secret: str, field: str) -> None:
    with pytest.raises(AddressError) as caught:
        slack_bot.check(Address("slack_bot", address, secret))
    assert caught.value.field == field
