"""A rule is made in the browser, and its message arrives in Slack and by mail, with the chart, once."""

from __future__ import annotations

from email.message import EmailMessage

from playwright.sync_api import Page, expect

from tests.browser.stage import PROJECT, TEAM, Stage
from tests.slack_server import TOKEN

PNG = b"\x89PNG\r\n"


def make_channel(page: Page, stage: Stage, kind: str, **fields: str) -> None:
    page.goto(f"{stage.server.url}/{TEAM}/-/channels/new?kind={kind}")
    for label, value in fields.items():
        page.locator(f"[name={label}]").fill(value)
    page.get_by_role("button", name="Make the channel").click()
    expect(page.get_by_role("button", name="Send a test")).to_be_visible()


def make_rule(page: Page, stage: Stage, *, metric: str = "") -> None:
    page.goto(f"{stage.project_url}/rules/new")
    if metric:
        page.get_by_label("A metric crosses a line").check()
        page.get_by_label("Metric", exact=True).fill(metric)
        page.get_by_label("Becomes").select_option(label="below")
        page.get_by_role("spinbutton", name="Line").fill("0.5")
    else:
        for ending in ("finishes", "fails", "crashes"):
            page.get_by_label(ending).check()
    for channel in ("Slack bot", "Slack webhook", "Mail"):
        page.get_by_label(channel).check()
    page.get_by_role("button", name="Make the rule").click()
    expect(page.get_by_role("button", name="Send a test")).to_be_visible()


def inline_picture(message: EmailMessage) -> bytes:
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    content: bytes = picture.get_payload(decode=True)  # type: ignore[assignment]
    return content


def test_messages_with_charts_arrive_once_in_slack_and_by_mail(page: Page, stage: Stage) -> None:
    make_channel(page, stage, "slack_bot", name="Slack bot", address="C0TRAIN", secret=TOKEN)
    make_channel(page, stage, "slack_webhook", name="Slack webhook", secret=stage.slack.webhook_url)
    make_channel(page, stage, "email", name="Mail", address="team@example.org")
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("sent", exact=True).first).to_be_visible()
    assert len(stage.mail.messages) == 1
    make_rule(page, stage)
    make_rule(page, stage, metric="train/loss")
    with stage.training("fails-late", "CUDA out of memory") as training:
        page.goto(f"{stage.project_url}/deliveries")
        while page.get_by_role("row").filter(has_text="sent").count() < 3:  # the metric, in three channels
            page.wait_for_timeout(500)
            page.reload()
        training.end()
        while page.get_by_role("row").filter(has_text="sent").count() < 6:
            page.wait_for_timeout(500)
            page.reload()

    by_bot = [message for message in stage.slack.posted if message.channel == "C0TRAIN" and message.metadata]
    assert ["train/loss" in by_bot[0].text, "failed" in by_bot[1].text, len(by_bot)] == [True, True, 2]
    assert by_bot[0].images[0].startswith(PNG)
    assert len(stage.slack.posted) == 4
    metric, failure = stage.mail.messages[1:]
    assert "train/loss" in metric["Subject"]
    assert inline_picture(metric).startswith(PNG)
    body = failure.get_body(("plain",))
    assert body is not None and "CUDA out of memory" in body.get_content()
    assert f"{TEAM}/{PROJECT}/runs/fails-late" in body.get_content()

    page.get_by_role("link", name="fails-late").first.click()
    expect(page.get_by_role("heading", name="Tries")).to_be_visible()
