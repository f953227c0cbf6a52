"""Search over deals, contacts and organizations: finds in any spelling, and never what is foreign."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Contact
from deals.models import Deal
from organizations.models import Organization

SEARCH = reverse("desk:search")


def found(client, text):
    """The names that search shows, by kind."""
    context = client.get(SEARCH, {"q": text}).context
    return {
        name: [str(row) for row in context[name]["rows"]] if name in context else []
        for name in ("deals", "contacts", "organizations")
    }


@pytest.mark.parametrize(
    "text", ["8 812 555-01-42", "+7 (812) 555 01 42", "8125550142", "0142", "olga sam", "SA", "Самойлова"]
)
def test_a_contact_is_found(logged_in, anna, contact, text):
    contact = contact.change({"patronymic": "Самойлова"}, by=anna)
    assert found(logged_in(anna), text)["contacts"] == [str(contact)]


@pytest.mark.parametrize(("written", "typed"), [("Фёдоров", "федоров"), ("Федоров", "ФЁДОРОВ"), ("Ёж", "еж")])
def test_yo_and_ye_are_the_same(logged_in, anna, written, typed):
    Contact.objects.make(by=anna, last_name=written)
    assert found(logged_in(anna), typed)["contacts"] == [written]


def test_an_organization_is_found_by_inn_and_a_contact_by_email(logged_in, anna):
    Organization.objects.make(by=anna, name="Sberbank", inn="7707083893")
    Contact.objects.make(
        by=anna,
        first_name="Nina",
        emails=[{"value": "nina@sber.example", "typed": "", "extension": "", "label": ""}],
    )
    client = logged_in(anna)
    assert found(client, "7707083893")["organizations"] == ["Sberbank"]
    assert found(client, "nina@SBER")["contacts"] == ["Nina"]


def test_a_deal_is_found_by_its_title_and_by_its_people(logged_in, anna, deal):
    client = logged_in(anna)
    for text in ("warehouse", "samoylova", "vector", "8 812 555 01 42"):
        assert found(client, text)["deals"] == ["Head of warehouse"], text


@pytest.mark.parametrize("text", ["Samoylova", "0142", "Vector", "warehouse", "8 812 555-01-42"])
def test_nothing_foreign_is_shown_or_counted(logged_in, vera, deal, text):
    client = logged_in(vera)
    page = client.get(SEARCH, {"q": text})
    assert not page.context["found"]
    for words in ("Samoylova, ", "Olga", "Logistics", "Head of"):
        assert words not in page.content.decode()


@pytest.mark.parametrize("text", ["", "a", "  ", "12", "%", "_", "'", "\\", "ёё" * 300])
def test_short_and_strange_texts_are_answered(logged_in, anna, contact, text):
    assert logged_in(anna).get(SEARCH, {"q": text}).status_code == 200


def test_more_than_the_first_rows_are_a_link_to_the_list(logged_in, anna):
    for number in range(12):
        Contact.objects.make(by=anna, first_name="Nina", last_name=f"Petrova {number}")
    client = logged_in(anna)
    page = client.get(SEARCH, {"q": "petrova"})
    assert len(page.context["contacts"]["rows"]) == 8
    assert f"{reverse('contacts:contact_list')}?q=petrova" in page.content.decode()


def test_search_costs_the_same_however_much_it_finds(logged_in, anna, deal):
    client = logged_in(anna)
    client.get(SEARCH, {"q": "samoylova"})
    with CaptureQueriesContext(connection) as few:
        client.get(SEARCH, {"q": "samoylova"})
    for number in range(30):
        Contact.objects.make(by=anna, first_name=f"Nina {number}", last_name="Samoylova")
    with CaptureQueriesContext(connection) as many:
        client.get(SEARCH, {"q": "samoylova"})
    assert len(many) == len(few)


def test_a_deal_says_whose_it_is(logged_in, anna, deal, contact, organization):
    deal.change({"contact": contact, "organization": organization}, by=anna)
    text = logged_in(anna).get(SEARCH, {"q": contact.last_name}).text
    assert f"{organization.name}, {contact.short_name}" in text


def test_open_deals_stand_before_closed_ones(logged_in, anna, lead, won):
    for number in range(12):
        deal = Deal.objects.make(by=anna, stage=lead, title=f"Racks {number}")
        if number > 2:
            deal.move_to(won, by=anna, seen_in=lead)
    rows = logged_in(anna).get(SEARCH, {"q": "racks"}).context["deals"]["rows"]
    assert [row.title for row in rows[:3]] == ["Racks 2", "Racks 1", "Racks 0"]
    assert [row.is_open for row in rows] == [True] * 3 + [False] * 5
