"""The dashboard read in Chromium: figures, the past, the filters, without a script and on the phone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from deals.models import Deal
from tests.deals.nights import days_pass

pytestmark = pytest.mark.browser


@pytest.fixture
def half_a_week(anna, boris, lead, negotiation, invoice):
    """Three days ago two of anna's deals began; today one goes on, grows, and boris begins a third."""
    first = Deal.objects.make(by=anna, stage=lead, title="First", amount=100)
    Deal.objects.make(by=anna, stage=lead, title="Second", amount=50)
    days_pass(3)
    first = first.move_to(negotiation, by=anna, seen_in=lead)
    first.change({"amount": 700}, by=anna)
    Deal.objects.make(by=boris, stage=invoice, title="Third", amount=1000)


@pytest.fixture
def open_funnel(page, live_server, log_in, owner, pipeline, half_a_week):
    def at(query=""):
        log_in(page, owner)
        page.goto(f"{live_server.url}{reverse('deals:funnel', args=[pipeline.pk])}{query}")
        return page

    return at


def cells(page, stage):
    row = page.locator(f"#by-stage tr[data-stage='{stage.pk}'] td")
    return [" ".join(text.split()) for text in row.all_inner_texts()]


def test_the_figures_of_today_and_of_a_past_day(open_funnel, complaints, company, lead, negotiation, invoice):
    page = open_funnel()
    page.get_by_label("Compare with the funnel on").fill(str(company.today() - timedelta(days=2)))
    page.get_by_role("button", name="Show").first.click()
    assert cells(page, lead)[1:4] == ["1", "2 (−1)", "₽50"]
    assert cells(page, negotiation)[1:6] == ["1", "0 (+1)", "₽700", "30%", "₽210"]
    assert cells(page, invoice)[1:4] == ["1", "0 (+1)", "₽1,000"]
    assert page.locator(".tile-n").first.inner_text().split() == ["3", "₽1,750"]
    assert not complaints


def test_the_menus_narrow_the_figures_and_keep_the_date(open_funnel, complaints, company, boris):
    page = open_funnel(f"?asof={company.today() - timedelta(days=2)}")
    page.get_by_role("button", name="Responsible: all").click()
    page.locator("#people-menu").get_by_text("Levin B.").click()
    page.wait_for_url(f"**responsible={boris.pk}*")
    assert "asof=" in page.url
    assert page.locator(".tile-n").first.inner_text().split() == ["1", "₽1,000"]
    page.get_by_role("button", name="Period:").click()
    page.locator("#period-pop").get_by_text("This year").click()
    page.wait_for_url("**period=year*")
    assert f"responsible={boris.pk}" in page.url
    page.go_back()
    assert "period=year" not in page.url
    assert not complaints


def test_a_stage_opens_its_deals(open_funnel, complaints, lead):
    page = open_funnel()
    page.locator(".funnel-name a", has_text=lead.name).click()
    page.wait_for_url("**/deals/?**")
    assert page.get_by_text("Second").first.is_visible()
    assert page.get_by_text("Third").count() == 0
    assert not complaints


@pytest.mark.parametrize("width", [360, 390, 1440])
def test_the_page_never_scrolls_sideways(open_funnel, page, width):
    page.set_viewport_size({"width": width, "height": 844})
    open_funnel()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
