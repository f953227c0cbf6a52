"""What is typed is kept in the browser until the server has it: not a character is lost (TRUST U17)."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from activities.models import Activity
from deals.models import Deal
from tests.world import PASSWORD

pytestmark = pytest.mark.browser

TYPED = "Позвонить <завтра>\n" + "и спросить. " * 40


@pytest.fixture
def card(live_server, page, anna, deal, log_in):
    """Anna's page of a deal."""
    log_in(page, anna).goto(f"{live_server.url}/deals/{deal.pk}/")
    return page


def offered(page):
    return page.locator(".draft")


def kept(page):
    """The number of drafts in the browser."""
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:')).length")


def test_a_note_survives_a_closed_tab_and_is_offered(card, deal):
    card.locator("#note-text").fill(TYPED)
    card.locator("#note-text").press("End")
    context, address = card.context, card.url
    card.close(run_before_unload=False)
    again = context.new_page()
    again.goto(address)
    expect(offered(again)).to_contain_text("Позвонить <завтра>")
    expect(again.locator("#note-text")).to_have_value("")
    offered(again).get_by_role("button", name="Put it back").click()
    expect(again.locator("#note-text")).to_have_value(TYPED)
    again.locator("#composer").get_by_role("button", name="Save").click()
    expect(again.locator(".tl-body")).to_be_visible()
    assert kept(again) == 0
    assert Activity.objects.get().text.replace("\r\n", "\n").strip() == TYPED.strip()


def test_a_draft_is_not_put_over_what_is_typed_now_and_can_be_discarded(card):
    card.locator("#note-text").fill("The first")
    card.reload()
    card.locator("#note-text").fill("The second")
    card.reload()
    expect(offered(card)).to_contain_text("The first")
    offered(card).get_by_role("button", name="Discard").click()
    expect(offered(card)).to_contain_text("The second")
    offered(card).get_by_role("button", name="Discard").click()
    expect(offered(card)).to_have_count(0)
    assert kept(card) == 0


def test_a_note_half_typed_stays_when_the_page_puts_its_part_anew(card, deal, anna):
    Activity.objects.plan(deal, "Call", by=anna)
    card.reload()
    card.locator("#note-text").fill("Half typed")
    card.get_by_role("button", name="Done").click()
    expect(card.get_by_role("button", name="Not done yet")).to_be_visible()
    expect(card.locator("#note-text")).to_have_value("Half typed")


def test_a_long_form_survives_the_end_of_the_log_in_and_is_made_once(card, live_server, anna, deal):
    card.goto(f"{live_server.url}/deals/new/")
    card.get_by_label("Title").fill("A new deal")
    Session.objects.all().delete()
    card.get_by_role("button", name="Save", exact=True).click()
    card.get_by_label("E-mail").fill(anna.email)
    card.get_by_label("Password").fill(PASSWORD)
    card.get_by_role("button", name="Log in").click()
    assert kept(card) == 1
    card.get_by_role("button", name="Send it now").click()
    expect(card.get_by_role("heading", name="A new deal")).to_be_visible()
    assert kept(card) == 0
    assert Deal.objects.for_system("a test").filter(title="A new deal").count() == 1


def test_a_refused_form_that_is_typed_on_keeps_all_of_it(card, live_server):
    card.goto(f"{live_server.url}/deals/new/")
    card.get_by_label("Title").fill("A new deal")
    card.get_by_label("Amount").fill("many")
    card.get_by_role("button", name="Save", exact=True).click()
    card.get_by_label("Amount").fill("1000")
    card.goto(f"{live_server.url}/deals/new/")
    offered(card).get_by_role("button", name="Put it back").click()
    expect(card.get_by_label("Title")).to_have_value("A new deal")
    expect(card.get_by_label("Amount")).to_have_value("1000")


def test_nobody_finds_anothers_draft_and_a_log_out_leaves_none(card, boris, live_server, log_in, deal):
    Deal.objects.for_system("a test").update(owner=boris)
    card.locator("#note-text").fill("Of Anna")
    card.context.clear_cookies()
    log_in(card, boris).goto(card.url)
    expect(card.locator("#note-text")).to_be_visible()
    expect(offered(card)).to_have_count(0)
    card.locator("#note-text").fill("Of Boris")
    card.reload()
    card.get_by_role("button", name="profile and theme").click()
    card.get_by_role("button", name="Log out").click()
    expect(card.get_by_label("Password")).to_be_visible()
    assert card.evaluate("Object.values(localStorage).join()").count("Of Boris") == 0
