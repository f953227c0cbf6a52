"""The page of a record's history: what it shows to whom, and its button that takes one change back."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.tracking import TRACKED
from activities.models import Activity
from directories.models import CustomField, Directory, Entry
from directories.refusals import NothingToPutBack
from records.refusals import NotAllowed

pytestmark = pytest.mark.django_db


def page_of(record, query=""):
    name = record._meta.model_name
    return reverse("directories:record_history", args=[name, record.pk]) + query


def undo_of(record):
    change = record.changes.order_by("pgh_id").last()
    return reverse("directories:change_undo", args=[record._meta.model_name, record.pk, change.pk])


def test_the_card_leads_to_the_history_and_that_back_to_the_card(
    deal, contact, organization, anna, logged_in
):
    client = logged_in(anna)
    for record in (deal, contact, organization):
        assert page_of(record) in client.get(record.get_absolute_url()).text
        assert record.get_absolute_url() in client.get(page_of(record)).text


def test_a_change_is_shown_with_who_and_what_and_can_be_undone(deal, anna, logged_in):
    client = logged_in(anna)
    field = reverse("deals:deal_field", args=[deal.pk, "amount"])
    assert client.post(field, {"value": "450000", "shown": "390000"}).status_code == 303
    text = client.get(page_of(deal)).text
    assert re.search(r"<b>Anna Kuzmina</b>.*<del>₽390,000</del>.*<ins>₽450,000</ins>", text, re.DOTALL)
    assert client.post(undo_of(deal)).status_code == 303
    deal.refresh_from_db()
    assert deal.amount == 390_000
    assert "undoing a change" in client.get(page_of(deal)).text


def test_a_change_that_was_overtaken_is_refused_with_a_sentence(deal, anna, head, logged_in):
    deal.change({"amount": 450_000}, by=anna)
    address = undo_of(deal)
    deal.change({"amount": 7}, by=head)
    refused = logged_in(anna).post(address)
    assert refused.status_code == 409
    assert "Head Headov has changed “Amount” since" in refused.text


def test_who_only_reads_sees_the_history_without_buttons(deal, anna, observer, logged_in):
    deal.change({"amount": 450_000}, by=anna)
    client = logged_in(observer)
    assert undo_of(deal) not in client.get(page_of(deal)).text
    refused = client.post(undo_of(deal))
    assert refused.status_code == 403
    assert str(NotAllowed.sentence) in refused.text


def test_a_next_step_is_told_without_a_button_and_its_undo_is_refused(deal, anna, logged_in):
    Activity.objects.plan(deal, "Call", by=anna, due_at=timezone.now())
    client = logged_in(anna)
    text = client.get(page_of(deal)).text
    assert "Next step:" in text
    assert undo_of(deal) not in text
    refused = client.post(undo_of(deal))
    assert refused.status_code == 409
    assert str(NothingToPutBack.sentence) in refused.text


def test_what_leaves_the_next_step_as_it_is_changes_no_deal(deal, anna):
    Activity.objects.note(deal, "They will think about it", by=anna)
    assert deal.changes.count() == 0


def test_a_first_page_without_anything_to_tell_leads_on_to_earlier_changes(deal, anna, logged_in):
    deal.change({"amount": 450_000}, by=anna)
    for version in range(30):
        type(deal).objects.for_system("test").filter(pk=deal.pk).update(version=version)
    text = logged_in(anna).get(page_of(deal)).text
    assert "Nothing was changed yet" not in text
    assert re.search(r'hx-get="\?after=', text)


def test_a_change_of_another_record_is_not_found(deal, contact, anna, logged_in):
    contact.change({"needs": "A lorry"}, by=anna)
    change = contact.changes.last().pk
    address = reverse("directories:change_undo", args=["deal", deal.pk, change + 1_000_000])
    assert logged_in(anna).post(address).status_code == 404


def test_only_an_admin_reads_the_history_of_what_is_set_up(stages, anna, admin, logged_in):
    stage = stages[1]
    stage.name = "Talks"
    stage.save()
    assert logged_in(anna).get(page_of(stage)).status_code == 403
    assert "<ins>Talks</ins>" in logged_in(admin).get(page_of(stage)).text
    card = logged_in(admin).get(reverse("admin:pipeline_stage_change", args=[stage.pk]))
    assert page_of(stage) in card.text


def test_only_an_admin_reads_the_id_of_the_request(deal, anna, admin, logged_in):
    field = reverse("deals:deal_field", args=[deal.pk, "amount"])
    request = logged_in(anna).post(field, {"value": "1", "shown": "390000"})["X-Request-ID"]
    assert request[:8] in logged_in(admin).get(page_of(deal)).text
    assert request[:8] not in logged_in(anna).get(page_of(deal)).text


def test_what_has_no_history_has_no_page(deal, admin, logged_in):
    client = logged_in(admin)
    for name in ("company", "securityevent", "nothing"):
        assert client.get(reverse("directories:record_history", args=[name, 1])).status_code == 404


def test_earlier_changes_come_by_a_link_that_htmx_follows(deal, anna, logged_in):
    for amount in range(31):
        deal.change({"amount": amount}, by=anna)
    client = logged_in(anna)
    more = re.search(r'hx-get="(\?after=[^"]+)"', client.get(page_of(deal)).text)[1]
    part = client.get(page_of(deal, more), headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "<del>₽390,000</del>" in part.text


@pytest.mark.parametrize(
    ("at", "status", "words"),
    [
        ("2099-12-31", 422, "This day is still to come."),
        ("2099-12-31T10:30", 422, "This day is still to come."),
        ("2001-01-01", 200, "It was not here yet."),
        ("yesterday", 422, "“yesterday” is no date."),
        ("9999-12-31", 422, "This day is still to come."),
        ("9999-12-31T23:59-12:00", 422, "is no date."),
        ("0001-01-01", 200, "It was not here yet."),
    ],
)
def test_a_record_is_shown_as_it_was_on_a_day(deal, anna, logged_in, at, status, words):
    answer = logged_in(anna).get(page_of(deal, f"?at={at}"))
    assert (answer.status_code, words in answer.text) == (status, True)


def test_whatever_has_a_history_has_a_page_of_it(deal, admin, logged_in):
    cars = Directory.objects.create(code="cars", name="Cars")
    Entry.objects.create(directory=cars, name="Niva")
    CustomField.objects.create(entity="deal", code="city", kind="text", label_en="City", label_ru="Город")
    client = logged_in(admin)
    answers = {
        model: client.get(page_of(model._base_manager.order_by("pk").first())).status_code
        for model in TRACKED
    }
    assert set(answers.values()) == {200}, answers


def test_the_history_of_a_role_leads_to_that_of_its_scopes(company, admin, logged_in):
    role = Role.objects.get(code="manager")
    scope = role.scopes.get(entity="deal")
    scope.view = 2
    role.save_scopes([scope], by=admin)
    client = logged_in(admin)
    assert page_of(scope) in client.get(page_of(role)).text
    text = client.get(page_of(scope)).text
    assert "Sales manager, Deal" in text
    assert re.search(r"<del>own</del>.*<ins>own team</ins>", text, re.DOTALL)
