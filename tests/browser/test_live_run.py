"""Somebody signs in and watches a real run move."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import PASSWORD, Stage

LAST_STEP = """() => {
  const figure = document.querySelector("line-chart[src*='loss']")?.figure;
  return figure ? figure.x.at(-1) : -1;
}"""


def test_signing_in_with_a_password_leads_where_one_wanted_to_go(browser: Browser, stage: Stage) -> None:
    page = browser.new_page(locale="en-US")
    page.goto(stage.project_url)
    page.get_by_label("Username or email").fill("ada")
    page.get_by_label("Password").fill("not it")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("No account has this name and password")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(stage.project_url)
    page.close()


def test_an_empty_project_says_how_to_fill_it_and_fills_itself(page: Page, stage: Stage) -> None:
    page.goto(stage.project_url)
    expect(page.get_by_text(f"export WANDB_BASE_URL={stage.server.url}")).to_be_visible()
    with stage.training("first-light"):
        page.wait_for_selector("run-list", timeout=60_000)
        expect(page.locator("run-list")).to_contain_text("first-light")
        expect(page.locator("line-chart[src*='loss'] canvas")).to_be_visible()


def test_charts_and_console_of_a_run_move_while_it_logs_and_its_end_shows(page: Page, stage: Stage) -> None:
    with stage.training("moving") as training:
        page.goto(stage.project_url)
        page.get_by_role("link", name="moving").first.click(timeout=60_000)
        page.wait_for_selector("line-chart[src*='loss'] canvas", timeout=60_000)
        before = page.evaluate(LAST_STEP)
        page.wait_for_function(f"before => ({LAST_STEP})() > before", arg=before)
        page.goto(f"{stage.project_url}/runs/moving?tab=console")
        expect(page.get_by_text("검증").last).to_be_visible()
        expect(page.get_by_text("running").first).to_be_visible()
        training.end()
        expect(page.get_by_text("finished").first).to_be_visible()


def test_a_member_stops_a_run_from_its_page(page: Page, stage: Stage) -> None:
    with stage.training("stopped") as training:
        page.goto(stage.project_url)
        page.get_by_role("link", name="stopped").first.click(timeout=60_000)
        page.get_by_role("button", name="Stop").click()
        page.get_by_role("dialog").get_by_role("button", name="Stop run").click()
        training.process.wait(timeout=60)
        expect(page.get_by_text("killed").first).to_be_visible()
