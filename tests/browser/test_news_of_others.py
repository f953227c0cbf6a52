"""A card that is looked at says what others changed, and touches nothing of what is typed (TRUST U20)."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LOOK = "document.dispatchEvent(new Event('visibilitychange'))"  # as after another tab; else every 15 s


def test_the_bar_comes_by_itself_and_leaves_what_is_typed(
    live_server, page, anna, head, deal, log_in, complaints
):
    log_in(page, anna).goto(f"{live_server.url}/deals/{deal.pk}/")
    page.locator("#note-text").fill("Half typed")
    deal.change({"amount": 410_000}, by=head)
    page.evaluate(LOOK)
    bar = page.locator("#record-news .alert")
    expect(bar).to_contain_text("Head Headov")
    expect(page.locator("#note-text")).to_have_value("Half typed")
    expect(page.locator("#note-text")).to_be_focused()
    bar.get_by_role("button", name="Not now").click()
    expect(bar).to_have_count(0)
    with page.expect_response("**/changes?since=*") as looked:
        page.evaluate(LOOK)
    assert looked.value.status == 204
    deal.change({"title": "Renamed"}, by=head)
    page.evaluate(LOOK)
    bar.get_by_role("link", name="Show").click()
    expect(page.get_by_role("heading", name="Renamed")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#note-text")).to_have_value("Half typed")
    assert not complaints


def test_a_card_that_may_no_longer_be_seen_says_so_once(live_server, page, anna, vera, owner, deal, log_in):
    log_in(page, anna).goto(f"{live_server.url}/deals/{deal.pk}/")
    deal.assign_to(vera, by=owner)
    page.evaluate(LOOK)
    expect(page.locator("#toasts .toast")).to_contain_text("you may not see it")
    expect(page.locator("#toasts .toast").get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator("[data-look]")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_bars_and_the_log_in_again_have_nothing_serious_for_axe(
    live_server, page, anna, head, deal, log_in, theme
):
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    log_in(page, anna).goto(f"{live_server.url}/deals/{deal.pk}/")
    page.locator("#note-text").fill("Half typed")
    page.reload()
    deal.change({"amount": 410_000}, by=head)
    page.evaluate(LOOK)
    expect(page.locator("#record-news .alert")).to_be_visible()
    expect(page.locator(".draft")).to_be_visible()
    assert serious(page) == []
    Session.objects.all().delete()
    page.get_by_role("link", name="Edit the title").click()
    expect(page.locator("#log-in").get_by_label("Password")).to_be_visible()
    assert serious(page) == []


def serious(page):
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (rule["id"], rule["nodes"][0]["html"]) for rule in found if rule["impact"] in ("serious", "critical")
    ]
