"""<line-chart> in Chromium: what it draws, says, asks for and lets people do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.tracking.charts.chart_server import REFUSED, SIGN_IN_PAGE, ChartServer
from tracking.charts import palette
from tracking.charts.theme import DARK, LIGHT

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def server() -> Iterator[ChartServer]:
    with ChartServer() as server:
        yield server


@pytest.fixture
def page(browser: Browser, server: ChartServer) -> Iterator[Page]:
    """The chart of `loss`, drawn."""
    context = browser.new_context(viewport={"width": 1000, "height": 700}, color_scheme="light")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(server.page("loss"))
    page.wait_for_selector("line-chart canvas")
    yield page
    context.close()
    assert problems == []


def expect_colors(page: Page, *there: str, missing: str = "") -> None:
    """Waits until the chart's canvas has these colours and not the missing one."""
    page.wait_for_function(
        """([there, missing]) => {
          const canvas = document.querySelector("line-chart canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const colors = new Set();
          for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255)
            colors.add("#" + [data[i], data[i + 1], data[i + 2]].map((v) => v.toString(16).padStart(2, "0")).join(""));
          return there.every((color) => colors.has(color)) && !colors.has(missing);
        }""",
        arg=[there, missing],
    )


def drag(page: Page, start: float, stop: float) -> None:
    """Drag over the plot, in parts of its width."""
    box = page.locator(".u-over").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + start * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + stop * box["width"], middle, steps=4)
    page.mouse.up()


def wait_for_questions(page: Page, server: ChartServer, count: int) -> None:
    while len(server.asked) < count:
        page.wait_for_timeout(20)


def test_it_draws_the_runs_in_their_colours_of_both_themes(page: Page) -> None:
    expect_colors(page, palette.color(0), palette.color(1), LIGHT.mark)
    page.evaluate("document.documentElement.dataset.theme = 'dark'; document.dispatchEvent(new Event('theme-change'))")
    expect_colors(page, palette.color(0, "dark"), palette.color(1, "dark"), DARK.mark)


def test_it_asks_for_as_many_points_as_it_is_wide(page: Page, server: ChartServer) -> None:
    (question,) = server.asked
    assert question["metric"] == "loss"
    assert 600 <= int(question["width"]) <= 1000
    assert "start" not in question


def test_it_can_be_read_by_those_who_cannot_see_it(page: Page) -> None:
    plot = page.get_by_role("img")
    expect(plot).to_have_attribute("aria-label", "Line chart of loss, calm-otter-1 1, 수달-2 0.5")
    expect(page.locator("line-chart")).to_contain_text("2 of 40 runs")


def test_pointing_lists_the_nearest_curves_with_their_values(page: Page) -> None:
    box = page.locator(".u-over").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 20)
    tip = page.locator(".chart-tip")
    expect(tip).to_be_visible()
    assert tip.locator(".chart-tip-head").inner_text() == "Step 200"
    assert [row.inner_text().split("\n") for row in tip.locator(".chart-tip-row").all()] == [
        ["calm-otter-1", "1.8"],
        ["수달-2", "0.9"],
    ]
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


def test_dragging_zooms_and_asks_for_that_part_in_detail_and_a_double_click_shows_all(
    page: Page, server: ChartServer
) -> None:
    drag(page, 0.25, 0.75)
    wait_for_questions(page, server, 2)
    assert float(server.asked[1]["start"]) == pytest.approx(250, abs=3)
    assert float(server.asked[1]["stop"]) == pytest.approx(750, abs=3)
    assert page.evaluate("document.querySelector('line-chart').range")[0] == float(server.asked[1]["start"])
    page.locator(".u-over").dblclick()
    wait_for_questions(page, server, 3)
    assert "start" not in server.asked[2]
    assert page.evaluate("document.querySelector('line-chart').range") is None


def test_a_reload_keeps_the_zoom_and_a_button_leaves_it(page: Page, server: ChartServer) -> None:
    reset = page.get_by_role("button", name="Show all")
    expect(reset).to_be_hidden()
    drag(page, 0.5, 0.9)
    wait_for_questions(page, server, 2)
    page.evaluate("document.querySelector('line-chart').reload()")
    wait_for_questions(page, server, 3)
    assert server.asked[2] == server.asked[1]
    reset.click()
    wait_for_questions(page, server, 4)
    expect(reset).to_be_hidden()


def test_a_zoom_is_told_to_the_page(page: Page) -> None:
    page.evaluate("addEventListener('zoom', (event) => { window.zoomed = event.detail })")
    drag(page, 0.25, 0.75)
    page.wait_for_function("window.zoomed")
    assert page.evaluate("window.zoomed.start") == pytest.approx(250, abs=3)


def test_a_name_in_the_legend_hides_its_curve_and_shows_it_again(page: Page) -> None:
    name = page.get_by_role("button", name="calm-otter-1")
    expect(name).to_have_attribute("aria-pressed", "true")
    name.click()
    expect(page.get_by_role("button", name="calm-otter-1")).to_have_attribute("aria-pressed", "false")
    page.mouse.move(5, 5)
    expect_colors(page, palette.color(1), missing=palette.color(0))
    page.get_by_role("button", name="calm-otter-1").click()
    page.mouse.move(5, 5)
    expect_colors(page, palette.color(0))


def test_an_error_is_said_in_place_with_a_way_to_try_again(browser: Browser, server: ChartServer) -> None:
    server.instead = REFUSED
    page = browser.new_page()
    page.goto(server.page("loss"))
    height = page.locator("line-chart").bounding_box()
    expect(page.get_by_role("status")).to_contain_text("Write a number from 0.")
    server.instead = None
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector("line-chart canvas")
    expect(page.get_by_role("status")).to_be_hidden()
    after = page.locator("line-chart .chart-plot").bounding_box()
    assert height is not None and after is not None
    assert after["height"] == 240
    page.close()


def test_a_session_that_ended_is_said(browser: Browser, server: ChartServer) -> None:
    server.instead = SIGN_IN_PAGE
    page = browser.new_page()
    page.goto(server.page("loss"))
    expect(page.get_by_role("status")).to_contain_text("You are signed out.")
    page.close()


def test_a_chart_of_nothing_says_why(browser: Browser, server: ChartServer) -> None:
    page = browser.new_page()
    page.goto(server.page("nothing"))
    expect(page.get_by_role("status")).to_have_text("There are no runs here yet.")
    page.close()


def test_the_chart_can_be_kept_as_a_picture(page: Page) -> None:
    page.locator("line-chart").hover()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as PNG").click()
    assert download.value.suggested_filename == "loss.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_smoothing_moves_the_line_and_leaves_the_values_behind_it(page: Page) -> None:
    page.evaluate("document.querySelector('line-chart').smoothing = 0.9")
    box = page.locator(".u-over").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 20)
    expect(page.locator(".chart-tip-row").first.locator("b")).not_to_have_text("1.8")


def test_a_chart_that_moves_in_the_page_is_drawn_again(page: Page) -> None:
    page.evaluate("const chart = document.querySelector('line-chart'); document.body.append(chart)")
    page.wait_for_selector("line-chart canvas")
    expect_colors(page, palette.color(0))


def test_properties_set_on_the_clone_of_a_template_count(page: Page) -> None:
    page.evaluate(
        """() => {
          const template = document.createElement("template");
          template.innerHTML = "<line-chart></line-chart>";
          const chart = template.content.cloneNode(true).firstElementChild;
          chart.smoothing = 0.5;
          document.body.append(chart);
        }"""
    )
    assert page.evaluate("Object.hasOwn(document.querySelectorAll('line-chart')[1], 'smoothing')") is False
    assert page.evaluate("document.querySelectorAll('line-chart')[1].smoothing") == 0.5
