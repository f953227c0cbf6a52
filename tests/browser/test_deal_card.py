"""The card of a deal and the form of a new one in Chromium, with JavaScript and without (U11, U12, U33)."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from activities.models import Activity
from deals.models import Deal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fresh(deal):
    return Deal.objects.for_system("a test looks").get(pk=deal.pk)


@pytest.fixture
def address(live_server, deal):
    return live_server.url + reverse("deals:deal_card", args=[deal.pk])


@pytest.fixture
def card(page, log_in, anna, address, complaints):
    """The card as anna sees it."""
    log_in(page, anna).goto(address)
    return page


def test_enter_saves_a_field_in_place(card, deal, complaints):
    card.get_by_role("link", name="Edit the amount").click()
    field = card.get_by_label("Amount")
    expect(field).to_be_focused()
    field.fill("400 000")
    field.press("Enter")
    expect(card.locator("#field-amount")).to_contain_text("₽400,000")
    assert fresh(deal).amount == 400_000
    assert not complaints


def test_esc_gives_an_edit_up_and_the_focus_comes_back(card, deal, complaints):
    card.get_by_role("link", name="Edit the title").click()
    field = card.get_by_label("Title")
    field.fill("Nonsense")
    field.press("Escape")
    expect(card.get_by_role("heading", name="Head of warehouse")).to_be_visible()
    expect(card.get_by_role("link", name="Edit the title")).to_be_focused()
    assert fresh(deal).title == "Head of warehouse"
    assert not complaints


def test_a_wrong_value_keeps_its_text_and_says_why_beside_it(card, deal, complaints):
    card.get_by_role("link", name="Edit Expected close").click()
    card.get_by_role("link", name="Edit the amount").click()
    field = card.get_by_label("Amount")
    field.fill("minus one")
    field.press("Enter")
    expect(card.locator("#field-amount .invalid-feedback")).to_be_visible()
    expect(card.get_by_label("Amount")).to_have_value("minus one")
    assert fresh(deal).amount == 390_000
    # Chromium writes each 422 to its console
    assert all("422" in complaint for complaint in complaints)


def test_a_task_becomes_the_next_step_and_is_done_without_leaving_the_page(card, deal, complaints):
    expect(card.locator("#next")).to_contain_text("No step")
    card.get_by_role("link", name="Plan a task").click()
    card.get_by_label("What to do").fill("Call Olga")
    card.get_by_label("Day").fill("2030-01-05")
    card.get_by_role("button", name="Plan", exact=True).click()
    expect(card.locator("#next")).to_contain_text("Call Olga")
    card.get_by_role("button", name="Postpone").click()
    card.get_by_role("button", name="To tomorrow").click()
    expect(card.locator("#next")).to_contain_text("Tomorrow")
    card.get_by_role("button", name="Mark as done").click()
    expect(card.locator("#next")).to_contain_text("No step")
    expect(card.locator("#flow")).to_contain_text("completes a task: Call Olga")
    assert Activity.objects.get().is_done
    assert not complaints


def test_lost_takes_two_clicks(card, deal, lost_reason, address, complaints):
    card.goto(address)
    card.get_by_role("button", name="Lost").click()
    card.get_by_role("button", name="Too expensive").click()
    expect(card.locator(".rec-meta")).to_contain_text("Too expensive")
    expect(card).to_have_url(address)
    assert fresh(deal).outcome == "lost"
    assert not complaints


def test_a_click_on_the_stage_bar_moves_the_deal(card, deal, negotiation, complaints):
    card.get_by_role("button", name=re.compile("Negotiation")).first.click()
    expect(card.locator(".stage-step[aria-current]")).to_contain_text("Negotiation")
    assert fresh(deal).stage == negotiation
    assert not complaints


def test_all_of_it_works_without_javascript(browser, log_in, anna, deal, negotiation, address, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = log_in(context.new_page(), anna)
    page.goto(address)
    page.get_by_role("link", name="Edit the amount").click()
    page.get_by_label("Amount").fill("410000")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(address)
    expect(page.locator("#field-amount")).to_contain_text("₽410,000")

    page.get_by_label("Text of the note").fill("Without a script")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#flow")).to_contain_text("Without a script")

    page.get_by_role("link", name="Task", exact=True).click()
    page.get_by_label("What to do").fill("Call")
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page).to_have_url(address)
    expect(page.locator("#flow")).to_contain_text("plans a task: Call")

    page.get_by_role("button", name=re.compile("Negotiation")).first.click()
    expect(page.locator(".stage-step[aria-current]")).to_contain_text("Negotiation")

    page.goto(f"{live_server.url}/deals/new/")
    page.get_by_label("Title").fill("Pallets")
    page.get_by_label("Contact").fill("Ivan Petrov")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Pallets")).to_be_visible()
    assert Deal.objects.get(title="Pallets").contact.full_name == "Ivan Petrov"
    context.close()


def test_a_new_deal_with_names_suggested_as_they_are_typed(page, log_in, anna, deal, live_server, complaints):
    log_in(page, anna).goto(f"{live_server.url}/deals/new/")
    page.get_by_label("Title").fill("Pallets")
    page.get_by_label("Contact").press_sequentially("Samoy")
    expect(page.locator("#id_contact_list option")).to_have_attribute("value", "Olga Samoylova")
    page.get_by_label("Contact").fill("Olga Samoylova")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("recognised: Olga Samoylova")
    assert Deal.objects.get(title="Pallets").contact == deal.contact
    assert not complaints


def test_a_refused_form_says_what_to_correct_and_takes_the_focus(page, log_in, anna, deal, live_server):
    log_in(page, anna).goto(f"{live_server.url}/deals/new/")
    page.get_by_label("Phone").fill("8 912 345")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="Phone").click()
    expect(page.get_by_label("Phone")).to_be_focused()
    expect(page.get_by_label("Phone")).to_have_value("8 912 345")
