"""The Slack channel with an incoming webhook, against a local Slack."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from notifications.channels import slack_webhook
from notifications.channels.errors import AddressError, SendError
from notifications.channels.types import Address
from tests.notifications.samples import FAILED, HUGE
from tests.slack_server import SlackServer


def here(slack: SlackServer) -> Address:
    return Address("slack_webhook", "", slack.webhook_url)


def refusal(address: Address) -> SendError:
    with pytest.raises(SendError) as caught:
        slack_webhook.send(address, FAILED)
    return caught.value


def test_text_and_link_arrive_with_the_name_of_the_delivery(slack: SlackServer) -> None:
    sent = slack_webhook.send(here(slack), FAILED)
    (message,) = slack.posted
    assert (message.channel, sent.external_id) == ("C0TRAIN", "")
    assert message.headers["x-debrief-delivery"] == "17-20261120120000"
    assert FAILED.link in message.blocks[1]["text"]["text"]


def test_a_huge_message_is_accepted(slack: SlackServer) -> None:
    slack_webhook.send(here(slack), HUGE)
    assert len(slack.posted) == 1


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (404, "no_service", "no_service"),
        (404, "<html>Not found</html>", "no_service"),
        (410, "channel_is_archived", "channel_is_archived"),
        (403, "action_prohibited", "action_prohibited"),
        (403, "invalid_token", "invalid_token"),
        (400, "invalid_token", "invalid_token"),
        (404, "no_team", "no_team"),
    ],
)
def test_what_a_person_must_repair_pauses_the_channel(slack: SlackServer, status: int, body: str, word: str) -> None:
    slack.answer("services", status, body)
    problem = refusal(here(slack))
    assert (problem.status, problem.permanent, problem.pauses) == (word, True, True)
    assert problem.reason


def test_too_many_requests_says_how_long_to_wait(slack: SlackServer) -> None:
    slack.rate_limit("services", 12)
    assert refusal(here(slack)).retry_after == timedelta(seconds=12)


def test_a_payload_slack_refuses_is_not_tried_again_but_pauses_nothing(slack: SlackServer) -> None:
    slack.answer("services", 400, "invalid_payload")
    problem = refusal(here(slack))
    assert (problem.permanent, problem.pauses) == (True, False)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_trouble_at_slack_is_tried_again(slack: SlackServer, status: int) -> None:
    slack.answer("services", status, "rollup_error")
    problem = refusal(here(slack))
    assert (problem.permanent, problem.retry_after) == (False, None)


def test_a_connection_that_ends_without_a_word_is_tried_again(slack: SlackServer) -> None:
    slack.hang_up("services")
    assert refusal(here(slack)).status == "no connection"


def test_a_slack_that_does_not_answer_times_out(slack: SlackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_webhook, "TIMEOUT", 0.3)
    slack.sleep("services")
    assert refusal(here(slack)).status == "timed out"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/services/T/B/x",
        "https://hooks.slack.com",
        "https://hooks.slack.com.evil.example/services/T/B/x",
        "https://user@hooks.slack.com@evil.example/x",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:8000/admin",
        "file:///etc/passwd",
        "not an address",
        "https://hooks.slack.com/services/T/B/x y",
        "https://hooks.slack.com/services/T/B/x\r\ny",
        "https://hooks.slack.com/services/T/B/é",
    ],
)
def test_only_slack_itself_may_be_called(settings: Settings, url: str) -> None:
    settings.SLACK_API_URL = "https://slack.com/api/"
    with pytest.raises(AddressError):
        slack_webhook.check(Address("slack_webhook", "", url))
    assert refusal(Address("slack_webhook", "", url)).pauses


def test_slacks_own_address_is_taken(settings: Settings) -> None:
    settings.SLACK_API_URL = "https://slack.com/api/"
    slack_webhook.check(Address("slack_webhook", "", "https://hooks.slack.com/services/T000/B000/abc"))


def test_a_server_that_stands_for_slack_may_be_called_too(slack: SlackServer) -> None:
    slack_webhook.check(here(slack))
