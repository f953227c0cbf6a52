"""Every screen in Chromium: nothing serious for axe, no complaint of the browser, narrow, light, named (S37).

Each screen is opened once in each look (Russian and light, English and dark), and then judged by all
tests; the worlds are made once a look, since nothing is written here.
"""

import re
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.looking import look_at
from tests.reading import of_the_other_language
from tests.screen_world import AGES
from tests.screens import PAGES

pytestmark = pytest.mark.browser

LOOKS = [("ru", "light"), ("en", "dark")]
KB = 1024
CSS_MOST, JS_MOST, FIRST_VISIT_MOST = 24 * KB, 60 * KB, 200 * KB  # TRUST U28, gzip
OPEN = ":popover-open, dialog[open]"
NAMES = """() => {
    const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
    const named = ["for", "form", "popovertarget", "aria-labelledby", "aria-describedby", "aria-controls",
        "data-open"].flatMap((name) => [...document.querySelectorAll(`[${name}]`)].flatMap(
            (each) => each.getAttribute(name).split(" ")));
    return [ids.filter((id, n) => ids.indexOf(id) !== n), named.filter((id) => id && !ids.includes(id))];
}"""
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(autouse=True)
def committed():
    """The worlds of this file are made and cleared by `worlds`."""


@dataclass
class Seen:
    """What was seen of a screen."""

    screen: object
    language: str
    status: int = 0
    html_lang: str = ""
    title: str = ""
    headings: list = field(default_factory=list)
    violations: dict = field(default_factory=dict)
    complaints: list = field(default_factory=list)
    ids_twice: list = field(default_factory=list)
    ids_missing: list = field(default_factory=list)
    foreign: list = field(default_factory=list)
    wider_by: dict = field(default_factory=dict)
    weights: dict = field(default_factory=dict)


def serious(page, axe, part=None):
    """Return {rule: the elements} of what axe finds serious or critical on the page, or in a part of it."""
    found = axe.run(page, part, options={"resultTypes": ["violations"]}).response["violations"]
    return {
        f"{each['id']} ({each['impact']})": [node["html"][:200] for node in each["nodes"][:3]]
        for each in found
        if each["impact"] in ("serious", "critical")
    }


def sideways(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.fixture(scope="module")
def axe():
    return Axe()


# in this order each world is made once
VISITS = [(look, screen) for look in LOOKS for age in AGES for screen in PAGES if screen.age == age]


@pytest.fixture(scope="module", params=VISITS, ids=lambda visit: f"{visit[1]}-{visit[0][0]}-{visit[0][1]}")
def seen(request, site, axe):
    """The screen, opened in the look."""
    (language, theme), screen = request.param
    opened = site.page(language, theme, screen)
    page, seen = opened.page, Seen(screen, language)
    seen.status = look_at(page, site, screen)
    seen.html_lang = page.locator("html").get_attribute("lang")
    seen.title = page.title()
    seen.headings = page.locator("h1").all_inner_texts()
    seen.weights = site.weights(opened)
    seen.ids_twice, seen.ids_missing = page.evaluate(NAMES)
    seen.foreign = of_the_other_language(re.split(r"[\n\t]+", page.locator("body").inner_text()), language)
    seen.violations = {"page": serious(page, axe), **pop_ups(page, axe, screen)}
    seen.wider_by = {"1440": sideways(page)}
    page.set_viewport_size(PHONE)
    seen.wider_by["360"] = sideways(page)
    page.set_viewport_size(DESK)
    seen.complaints = [text for text in opened.complaints if not is_the_status(text, screen)]
    return seen


def pop_ups(page, axe, screen):
    """Return {button: what axe finds} of the menus of the page's own, and of those the screen names."""
    within = "body" if screen.has_frame_opened else "main"
    buttons = page.locator(f"{within} [popovertarget]:visible").all()
    found = {}
    for button in [*buttons, *(page.locator(each).first for each in screen.opens)]:
        button.click()
        page.wait_for_selector(OPEN)
        found[button.text_content().strip() or button.get_attribute("title")] = serious(page, axe, OPEN)
        page.keyboard.press("Escape")
        page.wait_for_selector(OPEN, state="detached")
    return found


def is_the_status(text, screen):
    """Chromium writes each page that answers with an error into its console."""
    return text.startswith("Failed to load resource") and f"status of {screen.status} " in f"{text} "


def test_axe_finds_nothing_serious(seen):
    assert {where: found for where, found in seen.violations.items() if found} == {}


def test_the_browser_has_nothing_to_complain_of(seen):
    """No error in the console, nothing blocked by the CSP, no request to another host."""
    assert seen.complaints == []


def test_each_id_is_there_once_where_something_names_it(seen):
    assert seen.ids_twice == []
    assert seen.ids_missing == []


def test_what_scripts_write_is_in_the_readers_language_too(seen):
    assert seen.foreign == []


def test_it_does_not_scroll_sideways(seen):
    assert {width: by for width, by in seen.wider_by.items() if by > 0} == {}


def test_it_says_its_language_and_its_name(seen):
    assert seen.status == seen.screen.status
    assert seen.html_lang == seen.language
    assert re.search(r"\w.* [·|] \w", seen.title), seen.title
    assert len([text for text in seen.headings if text.strip()]) == 1, seen.headings


def test_it_is_light(seen):
    """Counted as our server sends it: gzip, whatever the browser keeps already."""
    assert seen.weights["css"] <= CSS_MOST, seen.weights
    assert seen.weights["js"] <= JS_MOST, seen.weights
    assert sum(seen.weights.values()) <= FIRST_VISIT_MOST, seen.weights
