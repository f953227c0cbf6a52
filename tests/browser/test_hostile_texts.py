"""Hostile texts in every text that people can write stay texts, on every screen (TRUST S17)."""

import pytest
from playwright.sync_api import expect

from activities.models import Activity
from contacts.models import Contact
from deals.models import Deal
from directories.models import Entry
from organizations.models import Organization
from tests.browser.looking import look_at
from tests.hostile_texts import PAYLOADS, Hostile
from tests.screen_world import WHOLE
from tests.screens import SCREENS, Screen, at

pytestmark = pytest.mark.browser

# What of the page is alive that ought to be a text: markup, handlers, addresses, requests of data.
ALIVE = r"""() => {
    const found = window.xss === undefined ? [] : ["a script ran"];
    const addresses = ["href", "src", "action", "formaction", "data", "srcdoc", "xlink:href"];
    for (const element of document.querySelectorAll("*")) {
        const name = element.tagName.toLowerCase();
        const typed = element.type === "application/json";
        if (["iframe", "object", "embed", "base", "style"].includes(name)) found.push(`<${name}>`);
        if (name === "script" && !element.src && !typed) found.push(`<script>${element.text.slice(0, 60)}`);
        if (name === "meta" && element.httpEquiv) found.push("<meta http-equiv>");
        for (const {name: attribute, value} of element.attributes) {
            const hostile = /xss/.test(value.replace(/"X-CSRFToken": "\w+"/, "")); // letters by chance
            if (/^on/i.test(attribute)) found.push(`${name} ${attribute}`);
            if (/^(data-)?hx-/.test(attribute) && hostile) found.push(`${name} ${attribute}=${value}`);
            if (attribute === "style" && hostile) found.push(`${name} style`);
            if (name === "img" && value.startsWith("data:image/svg+xml;base64,")) continue; // our QR code
            if (addresses.includes(attribute) && (/^\s*(javascript|data|vbscript):/i.test(value) ||
                    /^(\/xss|(https?:)?\/\/xss)/i.test(value))) found.push(`${name} ${attribute}=${value}`);
        }
    }
    return found;
}"""


@pytest.fixture(autouse=True)
def committed():
    """The world of this file is made and cleared by `site`."""


@pytest.fixture(scope="module")
def hostile(site):
    """The site with a world in which every text is hostile, and forty records of each sort more."""
    site.page("en", "", Screen("first", at("accounts:profile")), say=Hostile())
    world, by = site.world, site.world.anna
    for number, text in enumerate(PAYLOADS):
        item = {"value": text, "typed": text, "extension": text, "label": "work"}
        organization = Organization.objects.make(
            by=by, name=text, legal_name=text, address=text, site="https://example.com/?xss", phones=[item]
        )
        contact = Contact.objects.make(
            by=by, first_name=text, patronymic=text, last_name=text, position=text, needs="\n".join(PAYLOADS),
            organization=organization, phones=[item], emails=[item],
            messengers=[{"kind": "telegram", "value": text, "typed": text, "label": "telegram"}],
        )  # fmt: skip
        Deal.objects.make(
            by=by, stage=world.stages[number % 3], title=text, contact=contact, organization=organization,
            custom={"own_text": text},
        )  # fmt: skip
        Activity.objects.note(world.deal, text, by=by)
        Activity.objects.plan(world.contact, text, by=by)
        Entry.objects.create(directory=world.cars[0].directory, name=text + " ")
    world.deal.change({"title": PAYLOADS[9], "custom__own_text": "\n".join(PAYLOADS[:8])}, by=by)
    return site


def watched(site, screen):
    """Return the page in which the screen's person looks, with what was noticed there cleared away."""
    return site.page("en", "", screen)


def test_hostile_texts_stay_texts_on_every_screen(hostile):
    alive = {}
    for screen in SCREENS:
        if screen.age != WHOLE:
            continue
        opened = watched(hostile, screen)
        status = look_at(opened.page, hostile, screen)
        found = opened.page.evaluate(ALIVE) + opened.dialogs
        found += [] if status == screen.status else [f"status {status}"]
        found += [text for text in opened.complaints if not text.startswith("Failed to load resource")]
        if found:
            alive[screen.name] = found
    assert alive == {}, "\n".join(f"{k}: {v}" for k, v in alive.items())


@pytest.mark.parametrize(
    "of", ["contacts:contact_card", "organizations:organization_card", "deals:deal_card"]
)
def test_hostile_texts_stay_texts_on_every_card(hostile, of):
    model = {"contacts": Contact, "organizations": Organization, "deals": Deal}[of.partition(":")[0]]
    alive, shown = {}, 0
    for record in model.objects.for_system("a test looks").filter(archived_at=None).order_by("-pk")[:40]:
        screen = Screen("card", at(of, record.pk))
        opened = watched(hostile, screen)
        assert look_at(opened.page, hostile, screen) == 200
        found = opened.page.evaluate(ALIVE) + opened.dialogs + opened.complaints
        shown += str(record) in opened.page.locator("main h1").first.text_content()
        if found:
            alive[str(record)] = found
    assert alive == {}, "\n".join(f"{k}: {v}" for k, v in alive.items())
    assert shown >= 38  # those that end in invisible marks or blanks are shown without them


def test_a_hostile_title_stays_a_text_in_menus_and_toasts(hostile):
    screen = Screen("board", at("deals:board", "pipeline.pk"))
    opened = watched(hostile, screen)
    page = opened.page
    look_at(page, hostile, screen)
    toasts = page.locator("#toasts .toast")
    for _step in range(3):
        before = toasts.count()
        page.locator("#board [data-move]").first.click()
        page.locator("#move-menu button[name=stage]:not([aria-current])").first.click()
        expect(toasts).to_have_count(before + 1)
        toasts.last.get_by_role("button", name="Undo").click()
        expect(toasts).to_have_count(before + 2)
        assert page.evaluate(ALIVE) == []
    assert opened.dialogs == []
    assert opened.complaints == []
