"""A report is written, previewed and published in the browser, and read with and without JavaScript."""

from __future__ import annotations

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.stage import Stage


def log_two_runs(stage: Stage, page: Page) -> None:
    for name in ("one", "two"):
        with stage.training(name):
            page.goto(stage.project_url)
            expect(page.locator("run-list")).to_contain_text(name, timeout=60_000)
            page.wait_for_function("() => document.querySelector('line-chart')?.figure", timeout=60_000)


def test_a_report_is_written_published_and_read_without_scripts(
    page: Page, context: BrowserContext, browser: Browser, stage: Stage
) -> None:
    log_two_runs(stage, page)
    page.goto(f"{stage.project_url}/reports/new")
    page.get_by_label("Title").fill("Does it learn?")
    page.get_by_role("button", name="Start writing").click()
    editor = page.locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("# 결과\nTwo runs.\n\n```chart\ntitle: Loss\nmetric: train/loss\n```\n")
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("heading", name="결과")).to_be_visible()
    expect(preview.locator("line-chart canvas")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    page.get_by_role("button", name="Publish…").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("article line-chart canvas")).to_be_visible()
    expect(page.locator("article line-chart")).to_contain_text("one")

    address = page.url
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state(), locale="en-US")
    reader = plain.new_page()
    reader.goto(address)
    while reader.locator("article noscript img, article img.chart-picture").count() == 0:
        reader.wait_for_timeout(500)
        reader.reload()
    picture = reader.locator("article img.chart-picture").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 500
    plain.close()


def test_a_chart_of_a_metric_that_nobody_logs_says_so_in_its_place(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.project_url}/reports/new")
    page.get_by_label("Title").fill("A wrong name")
    page.get_by_role("button", name="Start writing").click()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("```chart\nmetric: train/los\n```\n\nThe rest lives.\n")
    preview = page.get_by_role("region", name="Preview")
    expect(preview).to_contain_text("train/loss")
    expect(preview).to_contain_text("The rest lives.")
