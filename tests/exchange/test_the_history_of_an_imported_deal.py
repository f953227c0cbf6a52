"""The card of a deal that came with its past tells it, below what happened here."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities.models import Activity
from deals.models import Deal

from .test_deals import DEALS

HTMX = {"HX-Request": "true"}


@pytest.fixture
def row():
    return {
        "id": "1", "what": "Pump", "whom": "Acme", "who": "Anna Kuzmina", "stage": "Lost",
        "sum": "1 000,50", "began": "01.03.2017", "ended": "31.12.2017",
    }  # fmt: skip


@pytest.fixture
def imported(bring_in, admin, anna, stages, lost_reason, row, company):
    bring_in(DEALS, [row], by=admin)
    return Deal.objects.get()


def entries(answer):
    return [
        (day.date.isoformat(), str(entry.sentence), entry.event.actor and entry.event.actor.full_name)
        for day in answer.context["timeline"].days
        for entry in day.entries
    ]


PAST = [
    ("2017-12-31", "moves the deal: Negotiation → Lost: Too expensive", None),
    ("2017-03-01", "The deal begins: Negotiation", None),
]


def test_it_begins_with_the_past_of_the_file(logged_in, anna, imported, admin):
    first, *past = entries(logged_in(anna).get(imported.get_absolute_url()))
    assert first[1:] == ("creates the record", admin.full_name)
    assert past == PAST


def test_what_happens_here_is_told_once_and_above_it(logged_in, anna, imported, stages, lost):
    imported.move_to(stages[0], by=anna, seen_in=lost)
    imported.change({"amount": 5}, by=anna)
    shown = [sentence for _on, sentence, _who in entries(logged_in(anna).get(imported.get_absolute_url()))]
    assert shown == [
        "changes a field",
        f"moves the deal: Lost → {stages[0].name}",
        "creates the record",
        "moves the deal: Negotiation → Lost",
        "The deal begins: Negotiation",
    ]


def test_the_reason_is_told_when_the_lost_deal_was_only_changed(logged_in, anna, imported):
    imported.change({"amount": 5}, by=anna)
    assert entries(logged_in(anna).get(imported.get_absolute_url()))[-2:] == PAST


def test_the_past_stands_at_the_end_of_the_last_page_and_nowhere_else(logged_in, anna, imported):
    for number in range(40):
        Activity.objects.note(imported, f"Note {number}.", by=anna)
    client, here = logged_in(anna), imported.get_absolute_url()
    first = client.get(here)
    assert len(entries(first)) == 30
    with CaptureQueriesContext(connection) as queries:
        last = client.get(here, {"after": first.context["timeline"].next_key}, headers=HTMX)
    assert len(queries) <= 12
    assert len(entries(last)) == 11 + len(PAST)
    assert entries(last)[-2:] == PAST
    assert not last.context["timeline"].next_key


def test_days_that_the_file_lacks_are_not_told(
    bring_in, admin, anna, stages, lost_reason, row, company, logged_in
):
    row |= {"stage": "Negotiation", "began": ""}
    bring_in(DEALS, [row], by=admin)
    answer = logged_in(anna).get(Deal.objects.get().get_absolute_url())
    assert [sentence for _on, sentence, _who in entries(answer)] == ["creates the record"]


def test_what_doors_moved_is_never_told_twice(deal, lead, negotiation, anna):
    deal.move_to(negotiation, by=anna, seen_in=lead)
    assert deal.untold(before=timezone.now()) == []
