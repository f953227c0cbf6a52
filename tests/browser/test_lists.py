"""What a list shows at each width: the name first, other columns where there is room, nothing cut off."""

import pytest

from contacts.models import Contact
from deals.models import Deal
from directories.models import CustomField
from organizations.models import Organization

pytestmark = pytest.mark.browser

WIDTHS = (768, 1024, 1100, 1180, 1280, 1366, 1440, 1920)
NAME_AT_LEAST = 216  # px
LISTS = ("/deals/", "/deals/?outcome=any", "/contacts/", "/organizations/")
MEASURED = """() => {
    const table = document.querySelector(".list-table"), pane = document.querySelector(".list-main");
    const shown = (row) => [...row.children].filter((cell) => cell.offsetWidth);
    const cells = shown(table.querySelector("tbody tr:not(.more-row)"));
    const right = pane.getBoundingClientRect().right;
    return {
        name: table.querySelector(".cell-a").offsetWidth,
        empty: Math.round(right - cells.at(-1).getBoundingClientRect().right),
        columns: cells.length,
        heads: shown(table.querySelector("thead tr")).length,
    };
}"""


@pytest.fixture(params=(0, 2), ids=("no own columns", "two own columns"))
def filled(request, anna, lead):
    """More than a page of each kind, with long words; and columns of the company's own."""
    for entity in ("deal", "contact", "organization"):
        for n in range(request.param):
            CustomField.objects.make(
                entity=entity, code=f"own{n}", label_ru=f"Своё поле {n}", label_en=f"Own {n}", kind="text"
            )
    firm = Organization.objects.make(by=anna, name="Association of the northern publishers and printers")
    for n in range(55):
        Organization.objects.make(by=anna, name=f"Firm {n:02}", legal_name="Limited " * 6)
        person = Contact.objects.make(
            by=anna, first_name="Maximilian", last_name=f"Longfellow {n:02}", organization=firm
        )
        Deal.objects.make(by=anna, stage=lead, title="Shelves for the warehouse " * 3, contact=person)


@pytest.mark.parametrize("address", LISTS)
def test_the_name_keeps_its_room_at_every_width(page, live_server, log_in, anna, filled, address):
    log_in(page, anna).goto(live_server.url + address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = page.evaluate(MEASURED)
        assert found["name"] >= NAME_AT_LEAST, (width, found)
        assert abs(found["empty"]) <= 1, (width, found)
        assert found["heads"] == found["columns"], (width, found)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_more_columns_come_with_more_width(page, live_server, log_in, anna, filled):
    log_in(page, anna).goto(live_server.url + "/deals/")
    shown = []
    for width in (1100, 1280, 1366, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        shown.append(page.evaluate(MEASURED)["columns"])
    assert shown == sorted(shown)
    assert shown[0] == 4
    assert shown[-1] > shown[1]


def test_on_a_card_too_a_narrow_list_keeps_its_names(page, live_server, log_in, anna, filled):
    log_in(page, anna)
    page.set_viewport_size({"width": 1024, "height": 900})
    firm = Organization.objects.get(name__startswith="Association")
    page.goto(live_server.url + firm.get_absolute_url())
    widths = page.eval_on_selector_all(".list-table .cell-a", "cells => cells.map(cell => cell.offsetWidth)")
    assert widths
    assert min(widths) >= NAME_AT_LEAST


@pytest.fixture
def long_words(anna, lead):
    """A firm, a person and a deal of it whose names are one long word each."""
    firm = Organization.objects.make(by=anna, name="W" * 200)
    person = Contact.objects.make(by=anna, first_name="W" * 100, last_name="W" * 100, organization=firm)
    deal = Deal.objects.make(
        by=anna, stage=lead, title="W" * Deal._meta.get_field("title").max_length, contact=person
    )
    return [record.get_absolute_url() for record in (firm, person, deal)]


@pytest.mark.parametrize("width", [360, 390, 1024])
def test_one_long_word_makes_no_page_wider(page, live_server, log_in, anna, pipeline, long_words, width):
    log_in(page, anna)
    page.set_viewport_size({"width": width, "height": 844})
    for address in [*long_words, "/search/?q=WWW", f"/board/{pipeline.pk}/", *LISTS]:
        page.goto(live_server.url + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
