"""The history of a record: what was changed from what to what, how it was, and one change taken back."""

import datetime

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from contacts.models import Contact
from directories.history import history_of, record_as_of, undo_change
from directories.models import CustomField, Directory, Entry
from directories.refusals import ChangedSince, EntryRetired
from pipeline.models import Pipeline, Stage
from records.refusals import Archived, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(company):
    return CustomField.objects.create(
        entity="deal", code="city", kind="text", label_en="City", label_ru="Город"
    )


@pytest.fixture
def car(company):
    """A car, and a field of deals for one."""
    cars = Directory.objects.create(code="cars", name="Cars")
    CustomField.objects.create(
        entity="deal", code="car", kind="entry", choices_from=cars, label_en="Car", label_ru="Машина"
    )
    return Entry.objects.create(directory=cars, name="Niva")


def now(record):
    return type(record).objects.for_system("test").get(pk=record.pk)


def told(record):
    """Return what the first page of the history says, newest first."""
    return [change.rows for change in history_of(now(record)).changes]


def last(record):
    """Return the newest row of the change history."""
    return record.changes.order_by("pgh_id").last()


# What it tells


def test_a_history_tells_each_change_in_the_words_and_values_of_people(
    deal, anna, boris, head, city, car, lost, lost_reason, lead
):
    deal.change({"amount": 450_000, "custom__city": "Tver"}, by=anna)
    deal.change({"custom__car": car}, by=anna)
    deal.assign_to(boris, by=head, seen_with=anna)
    deal.move_to(lost, by=boris, seen_in=lead, lost_reason=lost_reason)
    assert told(deal) == [
        [("Reason of the loss", "", "Too expensive"), ("Stage", "Inquiry", "Lost")],
        [("Responsible", "Anna Kuzmina", "Boris Levin")],
        [("Car", "", "Niva")],
        [("Amount", "₽390,000", "₽450,000"), ("City", "", "Tver")],
    ]
    with translation.override("ru"):
        assert told(deal)[2] == [("Машина", "", "Niva")]


def test_a_hidden_field_is_not_told(deal, anna, city):
    deal.change({"amount": 450_000, "custom__city": "Tver"}, by=anna)
    city.is_active = False
    city.save()
    assert told(deal) == [[("Amount", "₽390,000", "₽450,000")]]


def test_a_counter_alone_is_no_change_that_people_read(deal):
    type(deal).objects.for_system("test").filter(pk=deal.pk).update(version=F("version") + 1)
    assert deal.changes.count() == 1
    assert told(deal) == []


def test_the_history_of_a_stage_tells_its_switches_and_choices(stages, admin):
    stage = stages[1]
    stage.idle_days = 5
    stage.save()
    stage.retire(by=admin)
    changes = history_of(Stage.objects.get(pk=stage.pk)).changes
    assert [label for change in changes for label, _before, _now in change.rows] == ["Retired", "Limit, days"]


def test_the_number_of_queries_does_not_grow_with_the_changes(deal, anna, car):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            history_of(now(deal))
        return len(asked)

    deal.change({"custom__car": car, "amount": 1}, by=anna)
    few = queries()
    for amount in range(2, 25):
        deal.change({"amount": amount}, by=anna)
    assert queries() == few


def test_a_long_history_goes_on_by_key(deal, anna):
    for amount in range(35):
        deal.change({"amount": amount}, by=anna)
    first = history_of(now(deal))
    rest = history_of(now(deal), after=first.next_key)
    assert (len(first.changes), len(rest.changes), rest.next_key) == (30, 5, "")
    assert rest.changes[0].rows == [("Amount", "₽3", "₽4")]
    assert (rest.made_by, first.made_by) == (anna, None)


# As it was


def test_a_record_is_shown_as_it_was_at_a_moment(deal, anna, lead, negotiation):
    deal.change({"title": "First"}, by=anna)
    between = timezone.now()
    deal.change({"title": "Second"}, by=anna)
    deal.move_to(negotiation, by=anna, seen_in=lead)
    then = dict(record_as_of(now(deal), between))
    assert (then["Title"], then["Stage"]) == ("First", "Inquiry")
    today = dict(record_as_of(now(deal), timezone.now()))
    assert (today["Title"], today["Stage"]) == ("Second", "Negotiation")
    assert record_as_of(now(deal), between - datetime.timedelta(days=1)) is None


# One change taken back


def test_a_change_undone_puts_all_its_values_back_and_stands_in_the_history(deal, anna, city, car):
    deal.change({"amount": 450_000, "custom__city": "Tver", "custom__car": car}, by=anna)
    undone = undo_change(deal, last(deal), by=anna)
    assert (undone.amount, undone.custom) == (390_000, {})
    assert told(deal)[0] == [("Amount", "₽450,000", "₽390,000"), ("City", "Tver", ""), ("Car", "Niva", "")]
    undo_change(deal, last(deal), by=anna)
    assert now(deal).custom == {"city": "Tver", "car": car.pk}


def test_what_else_was_changed_since_stays(deal, anna):
    deal.change({"amount": 450_000}, by=anna)
    change = last(deal)
    deal.change({"title": "Other"}, by=anna)
    undo_change(deal, change, by=anna)
    assert (now(deal).amount, now(deal).title) == (390_000, "Other")


def test_a_field_changed_since_is_said_by_whom_and_nothing_is_undone(deal, anna, head, city):
    deal.change({"amount": 450_000, "custom__city": "Tver"}, by=anna)
    change = last(deal)
    deal.change({"amount": 7}, by=head)
    with pytest.raises(ChangedSince) as refusal:
        undo_change(deal, change, by=anna)
    assert str(refusal.value) == (
        "Nothing was undone: Head Headov has changed “Amount” since, it is “₽7” now."
    )
    assert (now(deal).amount, now(deal).custom) == (7, {"city": "Tver"})


def test_a_move_is_undone_by_the_door_of_moves(deal, anna, lead, negotiation, lost, lost_reason):
    deal.move_to(lost, by=anna, seen_in=lead, lost_reason=lost_reason)
    assert undo_change(deal, last(deal), by=anna).stage == lead
    assert deal.stays.count() == 3
    undo_change(deal, last(deal), by=anna)
    assert (now(deal).stage, now(deal).lost_reason) == (lost, lost_reason)
    change = last(deal)
    deal.move_to(negotiation, by=anna, seen_in=lost)
    with pytest.raises(ChangedSince, match="“Negotiation” now"):
        undo_change(deal, change, by=anna)


def test_a_move_to_another_pipeline_is_undone(deal, anna, lead):
    other = Pipeline.objects.make_ready("wholesale", language="en", currency="USD")
    target = other.stages.in_order()[1]
    deal.move_to_pipeline(target, by=anna, seen_in=lead)
    assert undo_change(deal, last(deal), by=anna).stage == lead


def test_another_responsible_and_the_archive_are_undone(contact, anna, boris, head):
    contact.assign_to(boris, by=head, seen_with=anna)
    assert undo_change(contact, last(contact), by=head).owner == anna
    contact.archive(by=head)
    change = last(contact)
    assert not undo_change(contact, change, by=head).is_archived
    assert undo_change(contact, last(contact), by=head).is_archived
    contact.restore(by=head)
    contact.change({"needs": "A lorry"}, by=head)
    change = last(contact)
    contact.archive(by=head)
    with pytest.raises(Archived):
        undo_change(contact, change, by=head)


def test_who_may_not_change_the_record_undoes_nothing(deal, anna, boris, observer):
    deal.change({"amount": 450_000}, by=anna)
    for person in (boris, observer):
        with pytest.raises(NotAllowed):
            undo_change(deal, last(deal), by=person)
    assert now(deal).amount == 450_000


def test_an_entry_out_of_use_is_not_put_back(deal, anna, admin, car):
    deal.change({"custom__car": car}, by=anna)
    deal.change({"custom__car": None}, by=anna)
    car.retire(by=admin)
    with pytest.raises(EntryRetired):
        undo_change(deal, last(deal), by=anna)


def test_phones_are_put_back_as_they_were_typed(contact, anna):
    before = contact.phones
    contact.change({"phones": []}, by=anna)
    assert undo_change(contact, last(contact), by=anna).phones == before
    assert Contact.objects.visible_to(anna).get(phone_keys__contains=["+78125550142"])
