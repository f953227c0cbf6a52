"""What the script of every page does, in a real browser on a real page: the person's own."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page_of_anna(live_server, page, anna, log_in):
    """Anna's own page, logged in; what the CSP blocks and what breaks in the script fails the test."""
    blocked = []
    page.on("pageerror", lambda error: blocked.append(str(error)))
    page.on("console", lambda line: "Content Security" in line.text and blocked.append(line.text))
    log_in(page, anna).goto(f"{live_server.url}/profile/")
    yield page
    assert blocked == []


def add_button(page, attributes):
    """Put a button into the page that htmx knows."""
    page.evaluate(
        """attributes => {
            const main = document.querySelector("main");
            main.insertAdjacentHTML("afterbegin", `<button id="try" ${attributes}>Try</button>`);
            htmx.process(main);
        }""",
        attributes,
    )


def test_the_theme_changes_at_once_and_is_kept(page_of_anna, anna):
    page = page_of_anna
    page.get_by_role("button", name=re.compile("profile and theme")).click()
    with page.expect_response("**/preferences/set/"):
        page.locator("#me-menu button[value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    anna.refresh_from_db()
    assert anna.theme == "dark"


def test_the_sidebar_folds_and_unfolds(page_of_anna):
    page = page_of_anna
    for folded in (True, False):
        with page.expect_response("**/preferences/set/"):
            page.locator(".side-foot button").click()
        assert page.evaluate("document.documentElement.dataset.side === 'mini'") is folded
        page.reload()
        assert page.evaluate("document.documentElement.dataset.side === 'mini'") is folded


def test_a_failed_request_says_so_and_can_be_repeated(page_of_anna):
    page = page_of_anna
    add_button(page, 'hx-get="/broken/"')
    calls = []
    page.route("**/broken/", lambda route: (calls.append(1), route.fulfill(status=500, body="x"))[1])
    page.locator("#try").click()
    toast = page.locator("#toasts .toast")
    expect(toast).to_have_count(1)
    toast.get_by_role("button", name="Try again").click()
    expect(toast).to_have_count(1)
    assert len(calls) == 2


def test_no_answer_at_all_says_so_too(page_of_anna):
    page = page_of_anna
    add_button(page, 'hx-get="/gone/"')
    page.route("**/gone/", lambda route: route.abort())
    page.locator("#try").click()
    expect(page.locator("#toasts .toast")).to_contain_text("No answer from the server")


def test_what_is_not_there_is_told_beside_the_page(page_of_anna):
    page = page_of_anna
    add_button(page, 'hx-get="/no-such-page/"')
    page.locator("#try").click()
    expect(page.locator("#toasts .toast")).to_contain_text("There is no such page")
    expect(page.locator("#try")).to_have_text("Try")


def test_the_list_of_keys_opens_on_a_cyrillic_keyboard_too(page_of_anna):
    page = page_of_anna
    keys = page.locator("#keys")
    page.evaluate(
        """document.body.dispatchEvent(new KeyboardEvent("keydown",
            {key: ",", code: "Slash", shiftKey: true, bubbles: true}))"""
    )
    expect(keys).to_be_visible()
    page.mouse.click(5, 5)
    expect(keys).to_be_hidden()


def test_single_keys_can_be_turned_off(page_of_anna, anna):
    page = page_of_anna
    anna.single_keys = False
    anna.save()
    page.reload()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()


def test_a_loaded_dialog_opens_and_gives_the_focus_back(page_of_anna):
    page = page_of_anna
    add_button(page, 'hx-get="/dialog/" hx-target="#dialogs"')
    body = '<dialog class="dlg" data-show><button>One</button></dialog>'
    page.route("**/dialog/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.locator("#try").click()
    expect(page.locator("#dialogs dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#dialogs dialog")).to_have_count(0)
    expect(page.locator("#try")).to_be_focused()


def test_a_refused_part_comes_back_in_its_place_and_takes_the_focus(page_of_anna):
    page = page_of_anna
    add_button(page, 'hx-get="/refused/" hx-swap="outerHTML"')
    body = '<div id="part"><p role="alert" tabindex="-1" data-focus>Too short</p></div>'
    page.route("**/refused/", lambda route: route.fulfill(status=422, body=body, content_type="text/html"))
    page.locator("#try").click()
    expect(page.get_by_text("Too short")).to_be_focused()
    expect(page.locator("#toasts .toast")).to_have_count(0)
