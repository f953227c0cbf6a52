"""Contacts in the browser: edited in place, narrowed while typing, and all of it without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from contacts.models import Contact

pytestmark = pytest.mark.browser


def test_a_field_is_edited_in_place_enter_saves_and_esc_cancels(
    page, live_server, log_in, anna, contact, complaints
):
    contact.change({"needs": "Class A"}, by=anna)
    log_in(page, anna).goto(live_server.url + contact.get_absolute_url())
    page.click("#field-birthday a")
    expect(page.locator("#field-birthday input[type=date]")).to_be_focused()
    page.fill("#field-birthday input[type=date]", "1985-03-15")
    page.keyboard.press("Enter")
    expect(page.locator("#field-birthday a.field-v")).to_contain_text("15")
    page.click("#needs a")
    page.fill("#needs textarea", "Something else")
    page.keyboard.press("Escape")
    expect(page.locator("#needs li")).to_have_text("Class A")
    contact.refresh_from_db()
    assert (str(contact.birthday), contact.needs) == ("1985-03-15", "Class A")
    assert not complaints


def test_a_refused_phone_stays_as_typed_and_the_corrected_one_reaches_the_head(
    page, live_server, log_in, anna, contact
):
    log_in(page, anna).goto(live_server.url + contact.get_absolute_url())
    page.click("#reach-phones a.dot-btn")
    first = page.locator("#reach-phones input[name=value]").first
    first.fill("8 812 555")
    first.press("Enter")
    expect(page.locator("#reach-phones [role=alert]")).to_be_visible()
    expect(first).to_have_value("8 812 555")
    first.fill("8 812 555 77 77")
    first.press("Enter")
    expect(page.locator(".rec-actions a[href='tel:+78125557777']")).to_be_visible()


def test_the_list_narrows_while_one_types_and_its_address_says_how(
    page, live_server, log_in, anna, contact, complaints
):
    Contact.objects.make(by=anna, first_name="Petr", last_name="Other")
    log_in(page, anna).goto(live_server.url + reverse("contacts:contact_list"))
    page.type("#filter-q", "samo")
    expect(page.locator(".list-table tbody tr")).to_have_count(1)
    expect(page).to_have_url(live_server.url + "/contacts/?q=samo")
    page.reload()
    expect(page.locator(".list-table tbody tr")).to_have_count(1)
    assert not complaints


def test_a_contact_is_made_edited_and_archived_without_javascript(browser, live_server, log_in, anna):
    context = browser.new_context(java_script_enabled=False)
    page = log_in(context.new_page(), anna)
    page.goto(live_server.url + reverse("contacts:contact_new"))
    page.fill("[name=last_name]", "Samoylova")
    page.fill("[name=organization]", "Vector")
    page.locator("[name=phones]").first.fill("8 812 555-01-42")
    page.click(".form-foot .btn-primary")
    expect(page.locator("h1")).to_have_text("Samoylova")
    page.click("#field-birthday a")
    page.fill("input[name=value]", "1985-03-15")
    page.click(".field-edit button")
    expect(page.locator("#field-birthday")).to_contain_text("1985")
    made = Contact.objects.get()
    assert (made.organization.name, made.phone_keys) == ("Vector", ["+78125550142"])
    page.goto(live_server.url + reverse("contacts:contact_edit", args=[made.pk]))
    page.fill("[name=position]", "Director")
    page.click(".form-foot .btn-primary")
    expect(page.locator(".rec-meta")).to_contain_text("Director")
    page.click("[popovertarget=record-menu]")
    page.click("#record-menu form button")
    page.click("#toasts form button")
    expect(page.locator(".rec-meta .chip")).to_have_count(0)
    made.refresh_from_db()
    assert not made.is_archived
    context.close()
