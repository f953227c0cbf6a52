"""The card: what it shows, to whom, and what it costs."""

import pytest
from django.urls import reverse

from activities.models import Activity
from contacts.models import Contact


@pytest.fixture
def card(deal):
    return reverse("deals:deal_card", args=[deal.pk])


def test_the_card_shows_the_deal_its_people_and_what_happened(logged_in, anna, deal, contact, card):
    contact.change({"needs": "Class A\nbefore November"}, by=anna)
    Activity.objects.note(deal, "Asks for a discount", by=anna)
    page = logged_in(anna).get(card).content.decode()
    for words in ("Head of warehouse", "₽390,000", "Olga Samoylova", "Vector Logistics", "before November"):
        assert words in page
    assert "Asks for a discount" in page
    assert "tel:+78125550142" in page


def test_a_stranger_finds_no_card(logged_in, vera, card):
    assert logged_in(vera).get(card).status_code == 404


def test_an_observer_sees_the_card_and_no_way_to_change_it(logged_in, observer, card):
    page = logged_in(observer).get(card).content.decode()
    assert "Head of warehouse" in page
    assert "move-form" not in page
    assert "/field/" not in page


def test_who_sees_the_deal_reads_its_contact_without_a_link_to_a_strangers_card(
    logged_in, anna, vera, deal, contact, card
):
    foreign = Contact.objects.make(
        by=vera, first_name="Ivan", last_name="Foreign", phones=[{"value": "+78125550199", "typed": "555-01-99"}]
    )
    deal.write(by=anna, at=deal.moment(), contact=foreign)
    page = logged_in(anna).get(card).content.decode()
    assert "Ivan Foreign" in page
    assert "tel:+78125550199" in page
    assert foreign.get_absolute_url() not in page
