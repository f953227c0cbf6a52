"""A batch holds the stages and entries that its rows name: what has gone takes nothing in."""

import pytest

from contacts.models import Contact
from deals.models import Deal
from directories.models import CustomField, Entry
from directories.refusals import EntryRetired
from exchange.models import RowRemark
from pipeline.models import Pipeline
from tests.deals.stays import said_wrongly
from tests.meanwhile import still_open

from .conftest import counts

pytestmark = pytest.mark.django_db(transaction=True)

DEALS = """
source = "shop"
entity = "deal"
pipeline = "simple"
external_id = "id"
responsible = "anna@example.com"
[fields]
title = "what"
stage = "stage"
source = "from"
lost_reason = { value = "Too expensive" }
custom__found_by = "found"
"""
CONTACTS = """
source = "shop"
entity = "contact"
external_id = "id"
responsible = "anna@example.com"
[fields]
first_name = "what"
source = "from"
"""


@pytest.fixture
def other_source(source):
    return Entry.objects.create(directory=source.directory, name="Exhibition")


@pytest.fixture
def found_by(source):
    CustomField.objects.make(
        entity="deal",
        code="found_by",
        kind="entry",
        label_ru="Нашли",
        label_en="Found",
        choices_from=source.directory,
    )


@pytest.fixture
def rows(source, lost_reason, found_by):
    return [
        {"id": str(n), "what": f"Deal {n}", "stage": "Negotiation", "from": source.name, "found": ""}
        for n in range(5)
    ]


def refusals():
    return set(RowRemark.objects.values_list("text", flat=True))


def test_rows_of_a_stage_that_is_being_merged_are_refused(bring_in, admin, anna, rows, negotiation, invoice):
    with still_open(lambda: negotiation.merge_into(invoice, by=admin)):
        bringing = bring_in(DEALS, rows, by=admin)
    assert counts(bringing) == {"refused": 5}
    assert refusals() == {"This stage is no longer in use. Choose another one."}
    assert not Deal.objects.exists()


def test_deals_that_came_in_first_are_taken_along_by_the_merge(
    bring_in, admin, anna, rows, negotiation, invoice
):
    with still_open(lambda: bring_in(DEALS, rows, by=admin)):
        negotiation.merge_into(invoice, by=admin)
    assert {deal.stage for deal in Deal.objects.select_related("stage")} == {invoice}
    assert not said_wrongly()


def test_rows_of_a_pipeline_that_is_being_retired_are_refused(bring_in, admin, anna, rows, pipeline):
    Pipeline.objects.make_ready("services", language="en", currency="RUB")
    with still_open(lambda: pipeline.retire(by=admin)):
        bringing = bring_in(DEALS, rows, by=admin)
    assert counts(bringing) == {"refused": 5}
    assert not Deal.objects.exists()


@pytest.mark.parametrize("column", ["from", "found"])
def test_rows_of_an_entry_that_is_being_merged_are_refused(
    bring_in, admin, anna, rows, source, other_source, column, stages
):
    rows = [row | {"from": other_source.name} | {column: source.name} for row in rows]
    with still_open(lambda: source.merge_into(other_source, by=admin)):
        bringing = bring_in(DEALS, rows, by=admin)
    assert counts(bringing) == {"refused": 5}
    assert refusals() == {"“Web site” is no longer in use. Choose another entry."}
    assert not Deal.objects.exists()


def test_what_came_in_first_points_at_the_target_of_the_merge(
    bring_in, admin, anna, rows, source, other_source, stages
):
    rows = [row | {"found": source.name} for row in rows]
    with still_open(lambda: bring_in(DEALS, rows, by=admin)):
        source.merge_into(other_source, by=admin)
    for deal in Deal.objects.all():
        assert (deal.source, deal.custom) == (other_source, {"found_by": other_source.pk})


def test_contacts_of_an_entry_that_is_being_retired_are_refused(bring_in, admin, anna, rows, source):
    with still_open(lambda: source.retire(by=admin)):
        bringing = bring_in(CONTACTS, rows, by=admin)
    assert counts(bringing) == {"refused": 5}
    assert not Contact.objects.exists()


def test_a_lost_deal_does_not_come_in_with_a_reason_that_is_being_retired(
    bring_in, admin, anna, rows, lost_reason, stages
):
    rows = [row | {"stage": "Lost"} for row in rows]
    with still_open(lambda: lost_reason.retire(by=admin)):
        bringing = bring_in(DEALS, rows, by=admin)
    assert counts(bringing) == {"refused": 5}


def test_a_deal_by_form_is_refused_a_source_that_is_being_merged(
    admin, anna, lead, source, other_source, lost_reason
):
    with still_open(lambda: source.merge_into(other_source, by=admin)), pytest.raises(EntryRetired):
        Deal.objects.make(by=anna, stage=lead, title="A", source=source)
    assert not Deal.objects.exists()
