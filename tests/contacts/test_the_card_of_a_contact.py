"""The card: what it shows, to whom; inline edit, responsible, archive."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from contacts.models import Contact
from deals.models import Deal
from organizations.models import Organization
from records.models import Event

HTMX = {"HX-Request": "true"}


@pytest.fixture
def card(contact):
    return reverse("contacts:contact_card", args=[contact.pk])


def address(name, contact, *args):
    return reverse(f"contacts:contact_{name}", args=[contact.pk, *args])


def test_the_card_shows_needs_organization_and_open_deals(logged_in, anna, contact, deal, won, lead, card):
    contact.change({"needs": "Class A\nbefore November"}, by=anna)
    closed = Deal.objects.make(by=anna, stage=lead, title="Accountant", contact=contact)
    closed.move_to(won, by=anna, seen_in=lead)
    page = logged_in(anna).get(card).content.decode()
    for words in ("<li>Class A</li>", "<li>before November</li>", "Vector Logistics", "Head of warehouse"):
        assert words in page
    assert "tel:+78125550142" in page
    assert "Accountant" not in page
    assert "Closed: won 1, lost 0" in page


def test_the_card_shows_only_those_deals_that_the_reader_sees(logged_in, anna, vera, contact, lead, card):
    deal = Deal.objects.make(by=vera, stage=lead, title="Foreign deal", amount=777_000)
    Deal.objects.for_system("a test").filter(pk=deal.pk).update(contact=contact)
    page = logged_in(anna).get(card).content.decode()
    assert "Foreign deal" not in page
    assert "777" not in page


def test_a_strangers_organization_is_a_name_without_a_link(logged_in, anna, vera, contact, card):
    foreign = Organization.objects.make(by=vera, name="Secret Ltd")
    Contact.objects.for_system("a test").filter(pk=contact.pk).update(organization=foreign)
    page = logged_in(anna).get(card).content.decode()
    assert "Secret Ltd" in page
    assert foreign.get_absolute_url() not in page


def test_a_stranger_gets_the_same_404_as_for_nothing(logged_in, vera, contact, card):
    client = logged_in(vera)
    missing = client.get(reverse("contacts:contact_card", args=[10**9]))
    there = client.get(card)
    assert there.status_code == missing.status_code == 404

    def words(response):
        return [line for line in response.content.decode().splitlines() if "<code>" not in line]

    assert words(there) == words(missing)


def test_an_observer_sees_the_card_and_may_change_nothing(logged_in, observer, contact, card):
    client = logged_in(observer)
    page = client.get(card).content.decode()
    assert "Samoylova" in page
    assert "/field/" not in page
    assert client.get(address("edit", contact)).status_code == 403
    assert client.post(address("field", contact, "needs"), {"value": "x"}).status_code == 403
    assert client.post(address("archive", contact)).status_code == 403
    contact.refresh_from_db()
    assert (contact.needs, contact.archived_at) == ("", None)


def test_the_card_costs_the_same_with_1_and_with_20_deals(logged_in, anna, contact, deal, lead, card):
    client = logged_in(anna)
    client.get(card)
    with CaptureQueriesContext(connection) as few:
        client.get(card)
    for number in range(19):
        Deal.objects.make(by=anna, stage=lead, title=f"Deal {number}", contact=contact)
    with CaptureQueriesContext(connection) as many:
        client.get(card)
    assert len(many) == len(few)


def test_a_field_is_edited_in_place_and_the_part_comes_back(logged_in, anna, contact):
    client = logged_in(anna)
    here = address("field", contact, "phones")
    form = client.get(here, headers=HTMX).content.decode()
    assert "<html" not in form
    shown = client.get(here, headers=HTMX).context["form"]["shown"].value()
    answer = client.post(
        here,
        {"shown": shown, "value": ["8 812 555-01-42", "8 921 555 33 10"], "value_label": ["work", "mobile"]},
        headers=HTMX,
    )
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == "#reach-phones"
    contact.refresh_from_db()
    assert contact.phone_keys == ["+78125550142", "+79215553310"]


def test_a_wrong_value_is_said_at_the_field_and_kept(logged_in, anna, contact):
    answer = logged_in(anna).post(
        address("field", contact, "phones"), {"value": ["8 912 345"], "value_label": ["work"]}, headers=HTMX
    )
    assert answer.status_code == 422
    assert "8 912 345" in answer.content.decode()
    contact.refresh_from_db()
    assert contact.phone_keys == ["+78125550142"]


def test_a_name_cannot_be_taken_away_altogether(logged_in, anna):
    contact = Contact.objects.make(by=anna, last_name="Samoylova")
    answer = logged_in(anna).post(address("field", contact, "last_name"), {"value": ""}, headers=HTMX)
    assert answer.status_code == 422
    assert "needs a first name or a last name" in answer.content.decode()


def test_the_same_field_changed_meanwhile_is_asked_about_and_nothing_is_lost(logged_in, anna, head, contact):
    client = logged_in(anna)
    here = address("field", contact, "position")
    shown = client.get(here, headers=HTMX).context["form"]["shown"].value()
    contact.change({"position": "Director"}, by=head)
    answer = client.post(here, {"shown": shown, "value": "Buyer"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Head Headov", "Director", "Buyer"):
        assert words in page
    contact.refresh_from_db()
    assert contact.position == "Director"


def test_the_responsible_is_chosen_of_those_within_ones_scope(logged_in, head, anna, boris, vera, contact):
    client = logged_in(head)
    here = address("assign", contact)
    dialog = client.get(here, headers=HTMX).content.decode()
    assert "<dialog" in dialog
    assert "Boris Levin" in dialog
    assert "Vera" not in dialog
    refused = client.post(here, {"owner": vera.pk, "seen_with": anna.pk})
    assert refused.status_code == 422
    contact.refresh_from_db()
    assert contact.owner == anna
    assert client.post(here, {"owner": boris.pk, "seen_with": anna.pk}).status_code == 303
    contact.refresh_from_db()
    assert contact.owner == boris


def test_who_hands_over_what_another_has_handed_over_is_told(logged_in, head, owner, anna, boris, contact):
    contact.assign_to(boris, by=owner)
    answer = logged_in(head).post(address("assign", contact), {"owner": head.pk, "seen_with": anna.pk})
    assert answer.status_code == 409
    contact.refresh_from_db()
    assert contact.owner == boris


def test_a_contact_goes_to_the_archive_and_the_toast_takes_it_back(logged_in, anna, contact, card):
    client = logged_in(anna)
    assert client.post(address("archive", contact)).status_code == 303
    page = client.get(card).content.decode()
    assert address("restore", contact) in page
    contact.refresh_from_db()
    assert contact.is_archived
    assert client.post(address("restore", contact)).status_code == 303
    contact.refresh_from_db()
    assert not contact.is_archived
    kinds = [event.kind for event in Event.objects.of(contact).order_by("pk")]
    assert kinds == ["record_made", "record_archived", "record_restored"]


def test_a_role_that_only_sees_what_it_may_not_archive_gets_no_button(logged_in, anna, contact, card):
    Role.objects.get(code="manager").scopes.filter(entity="contact").update(archive=0)
    anna.refresh_from_db()
    page = logged_in(anna).get(card).content.decode()
    assert address("archive", contact) not in page
    assert logged_in(anna).post(address("archive", contact)).status_code == 403
