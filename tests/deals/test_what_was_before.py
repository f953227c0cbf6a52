"""A stay says by itself what was before it, whoever writes it, and those of an older base learn it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from deals.models import Deal, StageHistory
from tests.deals.nights import days_pass
from tests.deals.stays import said_wrongly

MIGRATION = "deals.migrations.0010_stays_that_were_there_say_it_too"


@pytest.fixture
def deals(anna, boris, admin, stages, lost_reason):
    """A deal that went on, changed its sum and hands and was won; one at its beginning; one long there."""
    lead, negotiation, *_others, won, _lost = stages
    went, new, unknown = (
        Deal.objects.make(by=anna, stage=lead, title=title, amount=100)
        for title in ("Went", "New", "Unknown")
    )
    StageHistory.objects.filter(deal=unknown).update(entered_at=None, stage_since=None, deal_since=None)
    days_pass(2)
    for deal in (went, unknown):
        deal = deal.move_to(negotiation, by=anna, seen_in=lead).change({"amount": 200}, by=anna)
        deal.assign_to(boris, by=admin).move_to(won, by=boris, seen_in=negotiation)
    return went, new, unknown


def said(deal):
    rows = deal.stays.order_by("pk").select_related("came_from")
    return [(stay.came_from and stay.came_from.name, stay.came_since, stay.deal_since) for stay in rows]


def test_each_row_names_the_stage_before_since_when_and_when_the_deal_began(deals, stages):
    went, new, unknown = deals
    began, moved = went.stays.order_by("pk").values_list("entered_at", flat=True)[:2]
    assert said(went) == [
        (None, None, began),
        (stages[0].name, began, began),
        (stages[1].name, moved, began),
        (stages[1].name, moved, began),
        (stages[1].name, moved, began),
    ]
    assert said(new) == [(None, None, new.stays.get().entered_at)]
    assert {began for _from, _since, began in said(unknown)} == {None}
    assert not said_wrongly()


def test_a_past_that_is_written_as_a_whole_says_it_too(deals, stages, anna):
    _went, new, unknown = deals
    StageHistory.objects.filter(deal__in=[new, unknown]).delete()
    moments = [None, *(timezone.now() - timedelta(days=days) for days in (9, 8, 4))]
    StageHistory.objects.record_past(
        [
            StageHistory(
                deal=deal,
                stage=stage,
                counts_as_open=True,
                entered_at=began,
                stage_since=began,
                left_at=ended,
                owner=anna,
            )
            for deal, told in ((new, moments[1:]), (unknown, moments))
            for stage, began, ended in zip(stages, told, [*told[1:], None], strict=False)
        ]
    )
    assert not said_wrongly()


def test_a_row_that_does_not_say_it_is_refused(deals, lead, anna):
    _went, new, _unknown = deals
    new.stays.update(left_at=timezone.now())
    row = StageHistory(deal=new, stage=lead, counts_as_open=True, entered_at=timezone.now(), owner=anna)
    with pytest.raises(IntegrityError, match="deal_stay_says_what_was_before"), transaction.atomic():
        row.save()


def test_the_stays_of_an_older_base_learn_it(deals):
    before = [said(deal) for deal in deals]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE deals_stagehistory DROP CONSTRAINT deal_stay_says_what_was_before")
    StageHistory.objects.update(came_from=None, came_since=None, deal_since=None)
    assert said_wrongly()
    fill = import_module(MIGRATION).fill
    with connection.schema_editor() as editor:
        fill(None, editor)
        fill(None, editor)
    assert not said_wrongly()
    assert [said(deal) for deal in deals] == before
