"""What every page can do in a browser, under our policy: palette, keys, theme, drawer, copying, confirming."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.factories import make_project, make_run
from tests.people import PASSWORD, make_people

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def team(browser: Browser, transactional_db: None) -> None:
    people = make_people()
    make_run(make_project(people.team, people.alice), people.alice, display_name="calm-otter-1")
    make_project(people.team, people.alice, name="speech-encoder")


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, team: None) -> Iterator[Page]:
    """Alice's first page. A script error or something our policy forbids fails the test."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1440, "height": 900}, color_scheme="light", locale="en"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto("/signin")
    page.get_by_label("Username or email").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="All projects")).to_be_visible()
    yield page
    context.close()
    assert problems == []


def test_the_palette_finds_pages_at_once_and_runs_from_the_server(page: Page) -> None:
    page.route("**/runs/abc123", lambda route: route.fulfill(body="the run"))  # its live part needs the real server
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Search or jump to…")
    expect(palette.get_by_role("option", name="API keys")).to_be_visible()
    page.keyboard.type("otter")
    expect(palette.get_by_role("option", name="calm-otter-1")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/vision-lab/image-ablations/runs/abc123")


def test_the_palette_says_when_nothing_is_called_that(page: Page) -> None:
    page.get_by_role("button", name="Search or jump to…").click()
    page.keyboard.type("qqq")
    expect(page.get_by_text("Nothing is called that")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_slash_filters_and_a_question_mark_lists_the_keys(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("speech?")
    expect(page.get_by_text("No project has this in its name.")).to_be_visible()
    page.keyboard.press("Backspace")
    expect(page.get_by_role("link", name="speech-encoder")).to_be_visible()
    expect(page.get_by_role("link", name="image-ablations")).to_be_hidden()
    page.get_by_role("heading", name="All projects").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_the_theme_follows_the_user_to_other_pages(page: Page) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    with page.expect_response("**/settings/theme") as saved:
        page.keyboard.press("t")
    assert saved.value.status == 204
    assert page.evaluate(background) != light
    page.goto("/settings/keys")
    assert page.evaluate(background) != light
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--c0')") == "rgb(81, 101, 226)"


def test_a_snippet_is_copied_without_its_button(page: Page) -> None:
    page.goto("/authorize")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "wandb login --host=http://testserver"


def test_removing_somebody_is_asked_about_first(page: Page) -> None:
    page.goto("/vision-lab/-/members")
    row = page.get_by_role("row", name="vera")
    row.get_by_role("button", name="Remove").click()
    dialog = page.get_by_role("dialog", name="Remove vera from vision-lab?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(row).to_be_visible()
    row.get_by_role("button", name="Remove").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status")).to_contain_text("vera is no longer on the team")
    expect(row).to_have_count(0)


def test_a_role_gets_its_button_when_it_differs(page: Page) -> None:
    page.goto("/vision-lab/-/members")
    row = page.get_by_role("row", name="vera")
    expect(row.get_by_role("button", name="Change")).to_be_hidden()
    row.get_by_label("Role of vera").select_option("Member")
    row.get_by_role("button", name="Change").click()
    expect(row.get_by_label("Role of vera")).to_have_value("20")


def test_on_a_phone_the_menu_is_a_drawer_that_escape_closes(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    drawer = page.get_by_role("link", name="All projects")
    expect(drawer).to_be_hidden()
    opener = page.get_by_role("button", name="Open the menu")
    opener.click()
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(opener).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_is_loaded_from_elsewhere(page: Page, live_server: LiveServer) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/vision-lab/-/members")
    page.wait_for_load_state("networkidle")
    assert asked
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
