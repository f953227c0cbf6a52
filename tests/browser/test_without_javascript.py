"""A working day in a browser without JavaScript: in, make, find, edit, move, out (TRUST U33)."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from deals.models import Deal
from tests.world import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser, live_server):
    """A page in which nothing runs."""
    context = browser.new_context(java_script_enabled=False, locale="en-GB", base_url=live_server.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def inside(page, anna):
    """The page, in which anna has logged in by the form."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(anna.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return page


def deal_of(title):
    return Deal.objects.for_system("a test looks").get(title=title)


def test_one_logs_in_and_out(inside, pipeline):
    expect(inside).to_have_url(re.compile("/board/"))
    inside.goto("/accounts/logout/")
    inside.get_by_role("main").get_by_role("button", name="Log out").click()
    expect(inside).to_have_url(re.compile("/accounts/login/"))


def test_one_makes_finds_edits_and_moves_a_deal(inside, pipeline, negotiation, contact):
    page = inside
    page.goto("/deals/new/")
    page.get_by_label("Title").fill("Two forklifts")
    page.get_by_label("Contact").fill("Olga Samoylova")
    page.get_by_label("Amount").fill("1 250,50")
    page.get_by_role("main").get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two forklifts")
    deal = deal_of("Two forklifts")
    assert deal.contact == contact

    page.goto("/deals/?q=forklifts")
    page.get_by_role("link", name="Two forklifts").click()
    page.get_by_role("link", name="Edit the title").click()
    page.get_by_role("main").get_by_role("textbox").fill("Three forklifts")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Three forklifts")

    page.goto(reverse("deals:board", args=[pipeline.pk]))
    page.locator(f"#deal-{deal.pk} [data-move]").click()
    page.get_by_role("button", name=negotiation.name).click()
    expect(page.locator(f"#column-{negotiation.pk}")).to_contain_text("Three forklifts")
    assert deal_of("Three forklifts").stage == negotiation


def test_one_sets_the_language_and_the_theme(inside, anna, pipeline):
    inside.goto("/profile/")
    inside.get_by_label("Language").select_option("ru")
    inside.get_by_label("Theme").select_option("dark")
    inside.get_by_role("main").get_by_role("button", name="Save").click()
    expect(inside.locator("html")).to_have_attribute("lang", "ru")
    expect(inside.locator("html")).to_have_attribute("data-bs-theme", "dark")
