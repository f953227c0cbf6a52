"""The board in Chromium: dragging, the menu, keys, colleagues, undo, and all of it without JavaScript.

TRUST U7, U8, U11, U33.
"""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from deals.models import Deal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(live_server, pipeline):
    return live_server.url + reverse("deals:board", args=[pipeline.pk])


@pytest.fixture
def board(page, log_in, anna, deal, address, complaints):
    """The board as anna sees it, with one deal of hers in the lead stage."""
    log_in(page, anna).goto(address)
    return page


def column(page, stage):
    return page.locator(f"#column-{stage.pk}")


def card(page, deal):
    return page.locator(f"#board #deal-{deal.pk}")


def drag(page, thing, target, *, drop=True):
    """Take `thing` with the mouse to the middle of `target`."""
    start = thing.bounding_box()
    page.mouse.move(start["x"] + 30, start["y"] + 40)
    page.mouse.down()
    page.mouse.move(start["x"] + 45, start["y"] + 55, steps=3)
    end = target.bounding_box()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=8)
    page.wait_for_timeout(150)
    if drop:
        page.mouse.up()


def stage_of(deal):
    return Deal.objects.for_system("a test looks").get(pk=deal.pk).stage


def test_a_card_is_dragged_to_the_top_of_another_column(
    board, deal, anna, lead, negotiation, address, complaints
):
    Deal.objects.make(by=anna, stage=negotiation, title="There before")
    board.goto(address)
    drag(board, card(board, deal), column(board, negotiation))
    expect(column(board, negotiation).locator("h3")).to_have_text([deal.title, "There before"])
    expect(board.locator(f"#count-{negotiation.pk}")).to_contain_text("2")
    expect(board.locator(f"#sum-{negotiation.pk}")).to_have_text("₽390,000")
    expect(board.locator(f"#count-{lead.pk}")).to_contain_text("0")
    expect(board.locator("#toasts")).to_contain_text("“Head of warehouse” → “Negotiation”")
    assert stage_of(deal) == negotiation
    assert not complaints


def test_while_dragging_the_drop_zones_show_and_the_toast_takes_a_move_back(
    board, deal, lead, negotiation, complaints
):
    drag(board, card(board, deal), column(board, negotiation), drop=False)
    expect(board.locator("#drops")).to_be_visible()
    expect(column(board, negotiation).locator(".deal-slot")).to_be_visible()
    board.mouse.up()
    expect(board.locator("#drops")).to_be_hidden()
    expect(column(board, negotiation).locator("h3")).to_have_text(deal.title)
    board.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(column(board, lead).locator("h3")).to_have_text(deal.title)
    assert stage_of(deal) == lead
    assert not complaints


def test_a_card_dropped_on_won_is_won_without_any_question(board, deal, won, complaints):
    drag(board, card(board, deal), column(board, deal.stage), drop=False)
    zone = board.locator(f".drop[data-stage='{won.pk}']").bounding_box()
    board.mouse.move(zone["x"] + 60, zone["y"] + 20, steps=5)
    board.wait_for_timeout(100)
    board.mouse.up()
    expect(card(board, deal)).to_have_count(0)
    expect(board.locator("#toasts")).to_contain_text("Won")
    assert stage_of(deal) == won
    assert not complaints


def test_a_card_dropped_on_lost_asks_the_reason_once(board, deal, lost, lost_reason, complaints):
    drag(board, card(board, deal), column(board, deal.stage), drop=False)
    zone = board.locator(f".drop[data-stage='{lost.pk}']").bounding_box()
    board.mouse.move(zone["x"] + 60, zone["y"] + 20, steps=5)
    board.wait_for_timeout(100)
    board.mouse.up()
    expect(board.get_by_role("dialog")).to_contain_text("Why is it lost?")
    assert stage_of(deal) == deal.stage
    board.get_by_role("dialog").get_by_role("button", name=lost_reason.name).click()
    expect(card(board, deal)).to_have_count(0)
    expect(board.get_by_role("dialog")).to_have_count(0)
    assert stage_of(deal) == lost
    assert not complaints


def test_a_card_dropped_on_the_archive_is_archived_and_the_toast_brings_it_back(
    board, deal, lead, complaints
):
    drag(board, card(board, deal), column(board, deal.stage), drop=False)
    zone = board.locator(".drop", has_text="To the archive").bounding_box()
    board.mouse.move(zone["x"] + 60, zone["y"] + 20, steps=5)
    board.wait_for_timeout(100)
    board.mouse.up()
    expect(card(board, deal)).to_have_count(0)
    expect(board.locator(f"#count-{lead.pk}")).to_contain_text("0")
    board.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(column(board, lead).locator("h3")).to_have_text(deal.title)
    assert not complaints


def test_the_menu_moves_a_deal_with_a_pointer_and_with_keys(
    board, deal, lead, negotiation, invoice, complaints
):
    card(board, deal).locator("[data-move]").click()
    menu = board.locator("#move-menu")
    expect(menu.locator("[aria-current]")).to_contain_text("Inquiry")
    menu.get_by_role("button", name="Negotiation").click()
    expect(column(board, negotiation).locator("h3")).to_have_text(deal.title)
    expect(menu).to_be_hidden()

    card(board, deal).locator("h3 a").focus()
    board.keyboard.press("m")
    expect(menu.locator("[aria-current]")).to_be_focused()
    board.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(card(board, deal).locator("[data-move]")).to_be_focused()
    board.keyboard.press("m")
    expect(menu.locator("[aria-current]")).to_be_focused()
    board.keyboard.press("ArrowDown")
    board.keyboard.press("Enter")
    expect(column(board, invoice).locator("h3")).to_have_text(deal.title)
    expect(card(board, deal).locator(":focus")).to_have_count(1)
    assert stage_of(deal) == invoice
    assert not complaints


def test_arrows_go_from_card_to_card_and_from_column_to_column(
    board, deal, anna, lead, invoice, address, complaints
):
    top = Deal.objects.make(by=anna, stage=lead, title="On top")
    aside = Deal.objects.make(by=anna, stage=invoice, title="Aside")
    board.goto(address)
    card(board, top).locator("h3 a").focus()
    for key, reached in (("ArrowDown", deal), ("ArrowRight", aside), ("ArrowLeft", top)):
        board.keyboard.press(key)
        expect(card(board, reached).locator("h3 a")).to_be_focused()
    assert not complaints


def test_single_keys_can_be_turned_off(board, deal, anna, address):
    anna.single_keys = False
    anna.save()
    board.goto(address)
    card(board, deal).locator("h3 a").focus()
    board.keyboard.press("m")
    board.wait_for_timeout(300)
    expect(board.locator("#move-menu")).to_be_hidden()


def look(page):
    """What the page does by itself every 12 seconds."""
    with page.expect_response(re.compile("/changes")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_colleagues_move_appears_without_a_reload_and_the_focus_stays(
    board, deal, head, lead, negotiation, complaints
):
    board.evaluate("window.isTheSamePage = true")
    card(board, deal).locator("h3 a").focus()
    deal.move_to(negotiation, by=head, seen_in=lead)
    look(board)
    expect(column(board, negotiation).locator("h3")).to_have_text(deal.title)
    expect(card(board, deal).locator("h3 a")).to_be_focused()
    expect(board.locator(f"#count-{negotiation.pk}")).to_contain_text("1")
    assert board.evaluate("window.isTheSamePage")
    assert not complaints


def test_a_colleagues_move_appears_within_15_seconds_by_itself(
    board, deal, head, lead, negotiation, complaints
):
    deal.move_to(negotiation, by=head, seen_in=lead)
    expect(column(board, negotiation).locator("h3")).to_have_text(deal.title, timeout=15_000)
    assert not complaints


def test_a_lost_race_puts_the_card_where_it_is_and_says_who_moved_it(
    board, deal, head, lead, negotiation, invoice, complaints
):
    deal.move_to(invoice, by=head, seen_in=lead)
    drag(board, card(board, deal), column(board, negotiation))
    expect(column(board, invoice).locator("h3")).to_have_text(deal.title)
    expect(board.locator("#toasts")).to_contain_text(
        re.compile(r"Head Headov moved it to “Invoice.*” at \d\d:\d\d")
    )
    assert stage_of(deal) == invoice
    assert [text for text in complaints if "409" not in text] == []


def test_a_move_that_does_not_reach_the_server_puts_the_card_back(board, deal, lead, negotiation):
    board.route("**/move/", lambda route: route.abort())
    drag(board, card(board, deal), column(board, negotiation))
    expect(column(board, lead).locator("h3")).to_have_text(deal.title)
    expect(board.locator("#toasts")).to_contain_text("No answer from the server")
    assert stage_of(deal) == lead


def test_a_column_goes_on_as_it_is_scrolled(page, log_in, anna, lead, address, complaints):
    for number in range(60):
        Deal.objects.make(by=anna, stage=lead, title=f"Deal {number}")
    log_in(page, anna).goto(address)
    expect(column(page, lead).locator("h3")).to_have_count(25)
    for count in (50, 60):
        column(page, lead).locator("[data-next]").scroll_into_view_if_needed()
        expect(column(page, lead).locator("h3")).to_have_count(count)
    assert len(set(column(page, lead).locator("h3").all_inner_texts())) == 60
    assert not complaints


def test_back_brings_the_board_without_the_filter(board, deal, address, complaints):
    board.get_by_label("Text in a deal").fill("nothing like this")
    board.keyboard.press("Enter")
    expect(card(board, deal)).to_have_count(0)
    assert "q=nothing" in board.url
    board.go_back()
    expect(card(board, deal)).to_be_visible()
    assert not complaints


def test_without_javascript_the_plain_form_moves_a_deal(
    browser, log_in, anna, deal, lead, negotiation, lost, lost_reason, address
):
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = log_in(context.new_page(), anna)
    page.goto(address)
    page.locator(f"#deal-{deal.pk} [data-move]").click()
    page.locator("main").get_by_role("button", name="Negotiation").click()
    expect(column(page, negotiation).locator("h3")).to_have_text(deal.title)
    assert stage_of(deal) == negotiation
    page.locator(f"#deal-{deal.pk} [data-move]").click()
    page.locator("main").get_by_role("link", name="Lost").click()
    page.get_by_role("button", name=lost_reason.name).click()
    expect(page.locator(f"#deal-{deal.pk}")).to_have_count(0)
    assert stage_of(deal) == lost
    context.close()


def test_over_a_zone_the_card_leaves_its_words_free_and_no_column_scrolls(
    page, log_in, anna, lead, address, complaints
):
    for n in range(20):
        Deal.objects.make(by=anna, stage=lead, title=f"Deal {n}")
    board = log_in(page, anna)
    board.goto(address)
    drag(board, board.locator("li.deal").nth(1), column(board, lead), drop=False)
    for zone in board.locator(".drop").all():
        at = zone.bounding_box()
        board.mouse.move(at["x"] + at["width"] / 2, at["y"] + 10, steps=12)
        board.wait_for_timeout(300)
        carried = board.locator(".is-dragging").bounding_box()
        assert carried["y"] + carried["height"] <= at["y"] + 12
        assert "is-over" in zone.get_attribute("class")
        assert column(board, lead).evaluate("list => list.scrollTop") == 0
    board.mouse.move(10, 10)
    board.mouse.up()
    assert not complaints
