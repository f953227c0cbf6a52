"""One field of a deal, edited on its card."""

import pytest
from django.urls import reverse

from contacts.models import Contact
from directories.models import CustomField
from organizations.models import Organization

HTMX = {"HX-Request": "true"}


@pytest.fixture
def field(deal):
    """Return a function that gives the address of a field of the deal."""
    return lambda name: reverse("deals:deal_field", args=[deal.pk, name])


def test_a_changed_amount_is_kept_and_told(logged_in, anna, deal, field):
    answer = logged_in(anna).post(field("amount"), {"value": "400 000", "shown": '"390000.00"'})
    assert answer.headers["Location"] == deal.get_absolute_url()
    deal.refresh_from_db()
    assert deal.amount == 400_000
    assert deal.stays.get(left_at=None).amount == 400_000


def test_htmx_gets_the_field_as_it_is_now(logged_in, anna, field):
    body = logged_in(anna).post(
        field("title"), {"value": "Chief", "shown": '"Head of warehouse"'}, headers=HTMX
    )
    assert body.status_code == 200
    assert "<h1>Chief</h1>" in body.content.decode()


def test_an_amount_to_be_edited_is_written_as_it_is_shown(logged_in, anna, deal, field):
    deal.change({"amount": "125000.50"}, by=anna)
    assert 'value="125,000.50"' in logged_in(anna).get(field("amount"), headers=HTMX).content.decode()


def test_a_wrong_value_stands_beside_its_error(logged_in, anna, deal, field):
    answer = logged_in(anna).post(field("amount"), {"value": "many"}, headers=HTMX)
    assert answer.status_code == 422
    assert 'value="many"' in answer.content.decode()
    assert "invalid-feedback" in answer.content.decode()
    deal.refresh_from_db()
    assert deal.amount == 390_000


def test_who_comes_second_sees_both_values_and_who_was_first(logged_in, anna, head, deal, field):
    deal.change({"amount": 500_000}, by=head)
    answer = logged_in(anna).post(field("amount"), {"value": "400000", "shown": '"390000.00"'}, headers=HTMX)
    body = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Head Headov", "390,000", "500,000", 'value="400000"'):
        assert words in body
    deal.refresh_from_db()
    assert deal.amount == 500_000


def test_different_fields_are_both_kept(logged_in, anna, head, deal, field):
    deal.change({"amount": 500_000}, by=head)
    logged_in(anna).post(field("title"), {"value": "Chief", "shown": '"Head of warehouse"'})
    deal.refresh_from_db()
    assert (deal.title, deal.amount) == ("Chief", 500_000)


def test_an_own_field_is_edited_like_a_built_in_one(logged_in, anna, deal):
    CustomField.objects.create(entity="deal", code="city", label_ru="Город", label_en="City", kind="text")
    client, address = logged_in(anna), reverse("deals:deal_field", args=[deal.pk, "custom__city"])
    assert client.get(address).status_code == 200
    client.post(address, {"value": "Omsk", "shown": "null"})
    deal.refresh_from_db()
    assert deal.custom == {"city": "Omsk"}


@pytest.mark.parametrize("name", ["lost_reason", "owner", "stage", "outcome", "version", "nothing"])
def test_what_doors_change_is_no_field(name, logged_in, anna, deal, field):
    client = logged_in(anna)
    assert client.get(field(name)).status_code == 404
    assert client.post(field(name), {"value": "1"}).status_code == 404


def test_another_contact_and_organization_are_chosen_by_name(logged_in, anna, deal, field):
    ivan = Contact.objects.make(by=anna, first_name="Ivan", last_name="Petrov")
    wall = Organization.objects.make(by=anna, name="Fourth Wall")
    client = logged_in(anna)
    client.post(field("contact"), {"value": "Ivan Petrov", "shown": str(deal.contact_id)})
    client.post(field("organization"), {"value": "Fourth Wall", "shown": str(deal.organization_id)})
    deal.refresh_from_db()
    assert (deal.contact, deal.organization) == (ivan, wall)


def test_a_foreign_contact_and_an_absent_one_are_the_same_refusal(logged_in, anna, vera, deal, field):
    foreign = Contact.objects.make(by=vera, first_name="Ivan", last_name="Foreign")
    client = logged_in(anna)
    bodies = []
    for value in (foreign.pk, 10**9):
        answer = client.post(field("contact"), {"value": value}, headers=HTMX)
        assert answer.status_code == 422
        bodies.append(answer.content.decode().replace(str(value), ""))
    assert bodies[0].count("Nothing of this name") == bodies[1].count("Nothing of this name") == 1
    deal.refresh_from_db()
    assert deal.contact != foreign


def test_the_present_contact_stays_valid_when_it_is_not_visible(logged_in, anna, vera, deal, contact, field):
    contact.write(by=vera, owner=vera)
    answer = logged_in(anna).post(field("contact"), {"value": "Olga Samoylova", "shown": str(contact.pk)})
    assert answer.status_code == 303
    deal.refresh_from_db()
    assert deal.contact == contact


def test_who_only_sees_the_deal_edits_nothing(logged_in, observer, vera, deal, field):
    assert logged_in(observer).get(field("title")).status_code == 403
    assert logged_in(observer).post(field("title"), {"value": "Mine"}).status_code == 403
    assert logged_in(vera).post(field("title"), {"value": "Mine"}).status_code == 404
    deal.refresh_from_db()
    assert deal.title == "Head of warehouse"


def test_extra_fields_in_the_body_change_nothing(logged_in, anna, vera, deal, field):
    logged_in(anna).post(
        field("title"), {"value": "Chief", "owner": vera.pk, "outcome": "won", "version": 9, "id": 5}
    )
    deal.refresh_from_db()
    assert (deal.owner, deal.outcome) == (anna, "")
