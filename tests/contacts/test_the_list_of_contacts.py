"""The list: whom it shows, in which order, what narrows it, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Contact
from directories.models import CustomField
from organizations.models import Organization

LIST = reverse("contacts:contact_list")


def people(by, count, **values):
    return [
        Contact.objects.make(by=by, first_name="Nina", last_name=f"Petrova {number:03d}", **values)
        for number in range(count)
    ]


def test_contacts_stand_in_the_order_of_last_names(logged_in, anna):
    for last_name in ("Яковлев", "Ёлкин", "Жуков"):
        Contact.objects.make(by=anna, first_name="Пётр", last_name=last_name)
    page = logged_in(anna).get(LIST).content.decode()
    assert page.index("Ёлкин") < page.index("Жуков") < page.index("Яковлев")


def test_a_list_shows_ones_own_and_not_a_strangers(logged_in, anna, vera, contact):
    assert "Samoylova" in logged_in(anna).get(LIST).content.decode()
    page = logged_in(vera).get(LIST)
    assert "Samoylova" not in page.content.decode()
    assert page.context["count"].number == 0


@pytest.mark.parametrize(
    "text", ["samoyl", "SAMOYLOVA OL", "8 (812) 555-01-42", "+7 812 5550142", "0142", "8125550142", "sa"]
)
def test_search_finds_by_name_and_by_phone_in_any_spelling(logged_in, anna, contact, text):
    Contact.objects.make(by=anna, first_name="Other", last_name="Man")
    page = logged_in(anna).get(LIST, {"q": text})
    assert [each.pk for each in page.context["page"]] == [contact.pk]


def test_what_stands_in_the_archive_is_listed_only_there(logged_in, anna, contact):
    contact.archive(by=anna)
    client = logged_in(anna)
    assert not client.get(LIST).context["page"].rows
    assert [each.pk for each in client.get(LIST, {"archived": "1"}).context["page"]] == [contact.pk]


def test_filters_keep_the_organization_the_responsible_and_an_own_value(
    logged_in, head, anna, boris, contact, organization
):
    CustomField.objects.create(
        entity="contact", code="call", label_ru="Звонить", label_en="Call", kind="text"
    )
    other = Contact.objects.make(by=boris, first_name="Petr", custom__call="after six")
    client = logged_in(head)

    def found(**query):
        return [each.pk for each in client.get(LIST, query).context["page"]]

    assert found(organization=organization.pk) == [contact.pk]
    assert found(organization="vector logistics") == [contact.pk]
    assert found(owner=boris.pk) == [other.pk]
    assert found(custom__call="SIX") == [other.pk]


def test_a_filter_by_a_strangers_organization_finds_nothing_out(logged_in, anna, vera, contact):
    foreign = Organization.objects.make(by=vera, name="Secret")
    page = logged_in(anna).get(LIST, {"organization": foreign.pk})
    assert "Secret" not in page.content.decode()


def test_the_next_page_is_only_its_rows_and_no_contact_comes_twice(logged_in, anna):
    made = people(anna, 60)
    client = logged_in(anna)
    first = client.get(LIST)
    key = first.context["page"].next_key
    rest = client.get(LIST, {"after": key}, headers={"HX-Request": "true"})
    assert "<html" not in rest.content.decode()
    shown = [each.pk for each in (*first.context["page"], *rest.context["page"])]
    assert shown == [each.pk for each in made]


@pytest.mark.parametrize("room", ["contacts", "organizations"])
def test_without_javascript_the_next_page_is_a_page_with_its_count(logged_in, anna, organization, room):
    people(anna, 60)
    client = logged_in(anna)
    key = client.get(f"/{room}/").context["page"].next_key
    rest = client.get(f"/{room}/", {"after": key or "x"})
    assert rest.status_code == 200
    assert "<html" in rest.text
    assert str(rest.context["count"]) == {"contacts": "60", "organizations": "1"}[room]


def test_the_list_costs_the_same_with_3_and_with_60_contacts(logged_in, anna, source):
    CustomField.objects.create(
        entity="contact", code="s", label_ru="И", label_en="S", kind="entry", choices_from=source.directory
    )
    client = logged_in(anna)
    people(anna, 3, custom__s=source)
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    people(anna, 57, custom__s=source)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)


def test_an_empty_base_invites_to_add_a_contact_and_an_empty_filter_to_reset_it(logged_in, anna, observer):
    assert reverse("contacts:contact_new") in logged_in(anna).get(LIST).content.decode()
    assert "Reset the filter" in logged_in(anna).get(LIST, {"q": "nobody"}).content.decode()
    assert reverse("contacts:contact_new") not in logged_in(observer).get(LIST).content.decode()
