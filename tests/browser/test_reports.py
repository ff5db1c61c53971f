"""A report is written, previewed and published in the browser, and read with and without JavaScript."""

from __future__ import annotations

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.acts import log_runs, publish_report, write_report
from tests.browser.stage import Stage


def test_a_report_is_written_published_and_read_without_scripts(
    page: Page, context: BrowserContext, browser: Browser, stage: Stage
) -> None:
    log_runs(page, stage, "one", "two")
    write_report(page, stage, "Does it learn?", "# 결과\nTwo runs.\n\n```chart\ntitle: Loss\nmetric: train/loss\n```\n")
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("heading", name="결과")).to_be_visible()
    expect(preview.locator("line-chart canvas")).to_be_visible()
    publish_report(page)
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
    write_report(page, stage, "A wrong name", "```chart\nmetric: train/los\n```\n\nThe rest lives.\n")
    preview = page.get_by_role("region", name="Preview")
    expect(preview).to_contain_text("train/loss")
    expect(preview).to_contain_text("The rest lives.")
