"""A rule is made in the browser, and its message arrives in Slack and by mail, with the chart, once."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acts import make_channel, make_rule, sign_in, wait_for_sent
from tests.browser.stage import PROJECT, TEAM, Stage
from tests.slack_server import TOKEN

PNG = b"\x89PNG\r\n"


def inline_picture(message: EmailMessage) -> bytes:
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    content: bytes = picture.get_payload(decode=True)  # type: ignore[assignment]
    return content


@pytest.fixture(scope="module")
def told(browser: Browser, stage: Stage) -> Stage:
    """Three channels, and rules that use them all."""
    context = sign_in(browser, stage)
    page = context.new_page()
    make_channel(page, stage, "slack_bot", name="Slack bot", address="C0TRAIN", secret=TOKEN)
    make_channel(page, stage, "slack_webhook", name="Slack webhook", secret=stage.slack.webhook_url)
    make_channel(page, stage, "email", name="Mail", address="team@example.org")
    make_rule(page, stage)
    make_rule(page, stage, metric="train/loss")
    context.close()
    return stage


def test_messages_with_charts_arrive_once_in_slack_and_by_mail(page: Page, told: Stage) -> None:
    with told.training("fails-late", "CUDA out of memory") as training:
        wait_for_sent(page, told, "fails-late", 3)  # the metric, in three channels
        training.end()
        wait_for_sent(page, told, "fails-late", 6)

    metric, failure = [message for message in told.slack.posted if message.metadata and "fails-late" in message.text]
    assert "train/loss" in metric.text
    assert "failed" in failure.text
    assert metric.images[0].startswith(PNG)
    assert len([message for message in told.slack.posted if "fails-late" in message.text]) == 4  # and the webhook's
    metric_mail, failure_mail = [mail for mail in told.mail.messages if "fails-late" in mail["Subject"]]
    assert "train/loss" in metric_mail["Subject"]
    assert inline_picture(metric_mail).startswith(PNG)
    body = failure_mail.get_body(("plain",))
    assert body is not None and "CUDA out of memory" in body.get_content()
    assert f"{TEAM}/{PROJECT}/runs/fails-late" in body.get_content()

    page.get_by_role("link", name="fails-late").first.click()
    expect(page.get_by_role("heading", name="Tries")).to_be_visible()


def test_a_script_that_is_killed_is_told_as_crashed(page: Page, told: Stage) -> None:
    with told.training("vanishes") as training:
        wait_for_sent(page, told, "vanishes", 3)
        training.vanish()
        wait_for_sent(page, told, "vanishes", 6)
    assert "crashed" in told.slack.posted[-1].text
    assert "crashed" in told.mail.messages[-1]["Subject"]
    page.goto(f"{told.project_url}/runs/vanishes")
    expect(page.get_by_text("crashed").first).to_be_visible()


def test_a_test_message_shows_its_answer(page: Page, told: Stage) -> None:
    page.goto(f"{told.server.url}/{TEAM}/-/channels")
    page.get_by_role("link", name="Mail").first.click()
    before = len(told.mail.messages)
    page.get_by_role("button", name="Send a test").click()
    while len(told.mail.messages) == before:
        page.wait_for_timeout(100)
    expect(page.get_by_role("row").filter(has_text="test").get_by_text("sent", exact=True).first).to_be_visible()
    assert len(told.mail.messages) == before + 1
