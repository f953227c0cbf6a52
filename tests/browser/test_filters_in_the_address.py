"""What narrows a list or the board stands in its address, and Back brings it again, as it was (TRUST U15)."""  # noqa: E501

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from contacts.models import Contact
from deals.models import Deal

pytestmark = pytest.mark.browser


@pytest.fixture
def many(anna, lead, contact):
    """Sixty deals, thirty of them cheap and ten with racks, and forty contacts, ten of them Petrovs."""
    for n in range(60):
        title = f"{'Racks' if n < 10 else 'Pallets'} {n}"
        Deal.objects.make(by=anna, stage=lead, title=title, amount=100 if n % 2 else 900_000)
    for n in range(40):
        name = "Petrov" if n < 10 else "Sidorov"
        Contact.objects.make(by=anna, first_name="Ivan", last_name=f"{name} {n:02}")


@pytest.fixture
def inside(page, log_in, anna, many):
    return log_in(page, anna)


def scrolled(page):
    return page.evaluate(
        "Math.max(scrollY, ...[...document.querySelectorAll('main, .list-main, .page')].map(e => e.scrollTop))"  # noqa: E501
    )


def test_the_list_of_deals_comes_back_narrowed_and_scrolled(inside, live_server, complaints):
    page = inside
    page.goto(live_server.url + "/deals/")
    page.get_by_label("Amount, from").fill("1000")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("amount_from=1000"))
    rows = page.locator("tbody tr:not(.more-row)")
    expect(rows).to_have_count(30)
    address = page.url
    last = rows.nth(28).get_by_role("link")
    last.scroll_into_view_if_needed()
    before = scrolled(page)
    assert before > 0
    last.click()
    expect(page.locator(".rec-title h1")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(address)
    expect(rows).to_have_count(30)
    expect(page.get_by_label("Amount, from")).to_have_value("1000")
    page.wait_for_timeout(200)
    assert abs(scrolled(page) - before) < 50
    assert not complaints


def test_the_list_of_contacts_comes_back_narrowed(inside, live_server, complaints):
    page = inside
    page.goto(live_server.url + "/contacts/")
    page.locator("#filter-q").fill("Petrov")
    expect(page).to_have_url(re.compile("q=Petrov"))
    rows = page.locator("#list tbody tr")
    expect(rows).to_have_count(10)
    rows.nth(3).get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/contacts/\d+/"))
    page.go_back()
    expect(page).to_have_url(re.compile("q=Petrov"))
    expect(rows).to_have_count(10)
    expect(page.locator("#filter-q")).to_have_value("Petrov")
    assert not complaints


def test_the_board_comes_back_narrowed(inside, live_server, pipeline, lead, complaints):
    page = inside
    page.goto(live_server.url + reverse("deals:board", args=[pipeline.pk]))
    page.get_by_role("searchbox", name="Text in a deal").fill("Racks")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=Racks"))
    cards = page.locator(f"#column-{lead.pk} h3")
    expect(cards).to_have_count(10)
    page.locator(f"#column-{lead.pk} h3 a").nth(4).click()
    expect(page.locator(".rec-title h1")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("q=Racks"))
    expect(cards).to_have_count(10)
    expect(page.get_by_role("searchbox", name="Text in a deal")).to_have_value("Racks")
    assert not complaints
