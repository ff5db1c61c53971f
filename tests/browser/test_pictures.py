"""Every page in both themes, both languages, on a desk and in a hand: nothing overflows, nothing is refused.

The pictures are left in tests/screenshots/, for people to look at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.browser.acts import log_runs, make_channel, make_rule, publish_report, sign_in, wait_for_sent, write_report
from tests.browser.stage import TEAM, Stage
from tests.slack_server import TOKEN

PICTURES = Path(__file__).parent.parent / "screenshots"
REPORT = """Two runs, one chart.

```chart
title: Loss
metric: train/loss
smooth: 0.5
```

## 결론

It learns.
"""


class Gallery:
    """The addresses of the pages to look at, and who is signed in."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        context = sign_in(browser, stage)
        page = context.new_page()
        make_channel(page, stage, "slack_bot", name="Slack bot", address="C0TRAIN", secret=TOKEN)
        make_channel(page, stage, "slack_webhook", name="Slack webhook", secret=stage.slack.webhook_url)
        make_channel(page, stage, "email", name="Mail", address="team@example.org")
        make_rule(page, stage)
        log_runs(page, stage, "calm-otter", "rapid-maple")
        wait_for_sent(page, stage, "rapid-maple", 3)
        page.get_by_role("link", name="rapid-maple").first.click()
        delivery = page.url
        write_report(page, stage, "Does it learn?", REPORT)
        publish_report(page)
        report = page.url
        self.state: StorageState = context.storage_state()
        context.close()
        project, team = stage.project_url, f"{stage.server.url}/{TEAM}"
        self.pages = {
            "home": f"{stage.server.url}/",
            "team": team,
            "members": f"{team}/-/members",
            "channels": f"{team}/-/channels",
            "keys": f"{stage.server.url}/settings/keys",
            "authorize": f"{stage.server.url}/authorize",
            "profile": f"{stage.server.url}/settings/profile",
            "project": project,
            "runs": f"{project}/runs",
            "run": f"{project}/runs/calm-otter",
            "run-overview": f"{project}/runs/calm-otter?tab=overview",
            "run-console": f"{project}/runs/calm-otter?tab=console",
            "run-files": f"{project}/runs/calm-otter?tab=files",
            "report": report,
            "report-edit": f"{report}/edit",
            "reports": f"{project}/reports",
            "rules": f"{project}/rules",
            "rule-new": f"{project}/rules/new",
            "deliveries": f"{project}/deliveries",
            "delivery": delivery,
            "lost": f"{project}/runs/nobody",
        }


@pytest.fixture(scope="module")
def gallery(browser: Browser, stage: Stage) -> Gallery:
    return Gallery(browser, stage)


@pytest.mark.parametrize(
    ("theme", "width", "height", "language"),
    [("light", 1440, 900, "en"), ("dark", 1440, 900, "ko"), ("dark", 390, 844, "en"), ("light", 390, 844, "ko")],
)
def test_every_page_fits(
    browser: Browser, gallery: Gallery, theme: Literal["light", "dark"], width: int, height: int, language: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, locale=language, storage_state=gallery.state
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
    PICTURES.mkdir(exist_ok=True)
    for name, address in gallery.pages.items():
        page.goto(address)
        settle(page)
        page.screenshot(path=PICTURES / f"{name}-{theme}-{width}-{language}.png")
        if page.evaluate("() => document.documentElement.scrollWidth") > width:
            problems.append(f"{name} is wider than {width} px")
    context.close()
    assert problems == []


def settle(page: Page) -> None:
    """Until the fonts are there and the charts that are on screen are drawn."""
    page.wait_for_function(
        """() => document.fonts.status === "loaded" && !document.querySelector("[data-skeleton]") &&
          [...document.querySelectorAll("line-chart")].every((chart) => {
            const { top, bottom } = chart.getBoundingClientRect();
            return bottom < 0 || top > innerHeight || !chart.checkVisibility() || chart.querySelector("canvas");
          })"""
    )
