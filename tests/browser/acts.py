"""What people do in the browser, as often as tests need it."""

from __future__ import annotations

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.stage import TEAM, Stage


def sign_in(browser: Browser, stage: Stage) -> BrowserContext:
    """A browser in which ada is signed in."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(stage.server.provision({"signin_link": "ada"})["url"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{stage.server.url}/")
    page.close()
    return context


def log_runs(page: Page, stage: Stage, *names: str) -> None:
    """Runs of the real client, each ended when its first chart is drawn."""
    for name in names:
        with stage.training(name):
            page.goto(stage.project_url)
            expect(page.locator("run-list")).to_contain_text(name, timeout=60_000)
            page.wait_for_function("() => document.querySelector('line-chart')?.figure", timeout=60_000)


def write_report(page: Page, stage: Stage, title: str, text: str) -> None:
    """A new report's draft, in the editor."""
    page.goto(f"{stage.project_url}/reports/new")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Start writing").click()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def publish_report(page: Page) -> None:
    """From the editor to the published page."""
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    page.get_by_role("button", name="Publish…").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("article line-chart canvas").first).to_be_visible()


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


def wait_for_sent(page: Page, stage: Stage, run: str, count: int) -> None:
    """Until the project's messages show that many sent ones about the run."""
    page.goto(f"{stage.project_url}/deliveries")
    while page.get_by_role("row").filter(has_text=run).filter(has_text="sent").count() < count:
        page.wait_for_timeout(500)
        page.reload()
