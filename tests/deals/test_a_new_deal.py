"""The form of a new deal: with whom it is, made or recognised, in one transaction, once."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from contacts.models import Contact
from deals.models import Deal
from organizations.models import Organization

NEW = "/deals/new/"


@pytest.fixture
def post(logged_in, anna, lead):
    """Return a function that posts the form as anna."""
    client = logged_in(anna)

    def send(**typed):
        return client.post(NEW, {"title": "Pallets", "stage": lead.pk, "token": uuid.uuid4(), **typed})

    return send


def test_contact_and_organization_are_made_with_the_deal(post, anna, lead):
    answer = post(
        contact="Ivan Petrov", phone="8 912 345-67-89", organization="Fourth Wall", amount="50 000,50"
    )
    deal = Deal.objects.get()
    assert answer.headers["Location"] == reverse("deals:deal_card", args=[deal.pk])
    assert (deal.stage, deal.owner, str(deal.amount)) == (lead, anna, "50000.50")
    assert (deal.contact.first_name, deal.contact.last_name) == ("Ivan", "Petrov")
    assert deal.contact.phones[0]["value"] == "+79123456789"
    assert deal.organization.name == "Fourth Wall"
    assert deal.contact.organization == deal.organization


@pytest.mark.parametrize(
    "typed",
    [
        {"contact": "8 812 555 01 42"},
        {"contact": "+7(812)5550142"},
        {"phone": "8-812-555-0142"},
        {"contact": "Olga Samoylova"},
        {"contact": "samoylova olga"},
        {"contact": "OS@Vector.example"},
        {"contact": "Olga Samoylova", "phone": "812 555-01-42"},
    ],
)
def test_who_is_here_is_recognised_and_not_made_again(typed, post, contact, anna):
    contact.change({"emails": [{"value": "os@vector.example", "typed": "os@vector.example"}]}, by=anna)
    assert post(**typed).status_code == 303
    deal = Deal.objects.get()
    assert deal.contact == contact
    assert deal.organization == contact.organization
    assert Contact.objects.count() == 1


def test_a_strangers_contact_is_not_recognised(post, vera, anna):
    foreign = Contact.objects.make(
        by=vera, first_name="Ivan", last_name="Petrov", phones=[{"value": "+79123456789", "typed": "x"}]
    )
    answer = post(contact="Ivan Petrov", phone="8 912 345-67-89")
    assert answer.status_code == 303
    assert Deal.objects.get().contact != foreign
    assert Contact.objects.visible_to(anna).count() == 1


def test_of_two_with_the_same_name_one_has_to_be_chosen(post, anna):
    first, second = (Contact.objects.make(by=anna, first_name="Ivan", last_name="Petrov") for _ in range(2))
    answer = post(contact="Ivan Petrov", amount="77")
    body = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Ivan Petrov"' in body
    assert 'value="77"' in body
    assert f'value="{second.pk}"' in body
    assert not Deal.objects.exists()
    assert post(contact="Ivan Petrov", contact_choice=second.pk).status_code == 303
    assert Deal.objects.get().contact == second
    assert post(contact="Ivan Petrov", contact_choice="new").status_code == 303
    assert Contact.objects.count() == 3


def test_a_foreign_choice_and_an_absent_one_are_the_same_refusal(post, vera, anna):
    foreign = Contact.objects.make(by=vera, first_name="Secret", last_name="Person")
    refusals = []
    for choice in (foreign.pk, 10**9):
        answer = post(contact="Ivan Petrov", contact_choice=choice)
        assert answer.status_code == 422
        body = answer.content.decode()
        assert "Secret" not in body
        refusals.append(
            re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken\S+ value=\S+|\b\d+\b", "", body)
        )
        assert not Deal.objects.exists()
    assert refusals[0].count("Choose below") == refusals[1].count("Choose below") > 0


def test_an_amount_is_taken_with_its_currency_and_refused_with_another(post):
    assert post(amount="1 000 000 ₽").status_code == 303
    assert Deal.objects.get().amount == 1_000_000
    answer = post(amount="$100")
    assert answer.status_code == 422
    assert "The amount is in ₽" in answer.content.decode()
    assert Deal.objects.count() == 1


def test_a_phone_that_nobody_has_asks_for_a_name(post):
    answer = post(phone="8 912 345-67-89")
    assert answer.status_code == 422
    assert "give the name too" in answer.content.decode()
    assert not Contact.objects.exists()


def test_an_incomplete_phone_is_refused_at_its_field_and_all_is_kept(post):
    answer = post(contact="Ivan", phone="8 912 345", organization="Wall", amount="x", title="")
    body = answer.content.decode()
    assert answer.status_code == 422
    for typed in ("Ivan", "8 912 345", "Wall", "x"):
        assert f'value="{typed}"' in body
    for name in ("phone", "amount", "title"):
        assert f'href="#id_{name}"' in body
    assert not Deal.objects.exists()
    assert not Organization.objects.exists()


def test_nothing_is_made_when_the_stage_went_out_of_use_meanwhile(post, invoice, admin, monkeypatch):
    from deals.views import create

    stages = create.stages_for(admin)
    monkeypatch.setattr(create, "stages_for", lambda user: stages)
    invoice.retire(by=admin)
    answer = post(contact="Ivan Petrov", organization="Wall", stage=invoice.pk)
    assert answer.status_code == 409
    assert "no longer in use" in answer.content.decode()
    assert not Deal.objects.exists()
    assert not Contact.objects.exists()
    assert not Organization.objects.exists()


@pytest.mark.parametrize("stage", ["won", "lost"])
def test_a_deal_does_not_begin_closed(stage, post, request):
    assert post(stage=request.getfixturevalue(stage).pk).status_code == 422
    assert not Deal.objects.exists()


def test_an_observer_makes_no_deals(logged_in, observer, lead):
    client = logged_in(observer)
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, {"title": "x", "stage": lead.pk, "token": uuid.uuid4()}).status_code == 403
    assert not Deal.objects.exists()


def test_the_form_begins_with_the_stage_and_the_people_asked_for(logged_in, anna, contact, invoice):
    body = logged_in(anna).get(f"{NEW}?stage={invoice.pk}&contact={contact.pk}").content.decode()
    assert f'<option value="{invoice.pk}" selected>' in body
    assert 'value="Olga Samoylova"' in body
    assert 'value="Vector Logistics"' in body


def test_save_and_add_another_leads_back_to_the_form_in_the_same_stage(post, invoice):
    assert post(stage=invoice.pk, again="1").headers["Location"] == f"{NEW}?stage={invoice.pk}"


@pytest.mark.django_db(transaction=True)
def test_ten_posts_of_one_form_released_together_make_one_deal(logged_in, anna, lead):
    """R9."""
    typed = {"title": "Pallets", "stage": lead.pk, "token": uuid.uuid4(), "contact": "Ivan Petrov"}
    clients, barrier = [logged_in(anna) for _ in range(10)], Barrier(10)

    def send(client):
        try:
            barrier.wait(timeout=20)
            return client.post(NEW, typed)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, clients))
    deal = Deal.objects.get()
    assert {answer.headers["Location"] for answer in answers} == {reverse("deals:deal_card", args=[deal.pk])}
    assert Contact.objects.get() == deal.contact


def test_two_forms_make_two_deals(post):
    post()
    post()
    assert Deal.objects.count() == 2


def test_what_was_understood_of_a_new_name_is_said(post):
    body = post(contact="Новиков Олег").headers
    contact = Contact.objects.get()
    assert (contact.first_name, contact.last_name) == ("Олег", "Новиков")
    assert body["Location"] == Deal.objects.get().get_absolute_url()


def test_it_is_said_on_the_deals_card(logged_in, anna, lead):
    typed = {"title": "Pallets", "stage": lead.pk, "token": uuid.uuid4(), "contact": "Новиков Олег"}
    page = logged_in(anna).post(NEW, typed, follow=True).content.decode()
    assert "with a new contact: last name Новиков, first name Олег." in page


def test_namesakes_are_told_apart_by_their_organization(post, anna):
    for name in ("Lion", "Tiger"):
        organization = Organization.objects.make(by=anna, name=name)
        Contact.objects.make(
            by=anna, first_name="Ivan", last_name="Petrov", position="Buyer", organization=organization
        )
    body = post(contact="Ivan Petrov").content.decode()
    assert "Ivan Petrov, Buyer, Lion" in body
    assert "Ivan Petrov, Buyer, Tiger" in body
    assert "None of these: add a new one (last name Petrov, first name Ivan)" in body
