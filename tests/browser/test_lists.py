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
