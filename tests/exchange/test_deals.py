"""Deals come in with their past; those that are here go through their doors."""

import datetime

import pytest

from deals.models import Deal, StageHistory
from exchange.models import RowRemark
from tests.deals.stays import said_wrongly

from .conftest import counts

DEALS = """
source = "shop"
entity = "deal"
pipeline = "simple"
external_id = "id"
dates = "D.M.YYYY"
decimal = ","
responsible = "anna@example.com"
[fields]
title = { columns = ["what", "whom"], join = ", " }
owner = { column = "who", by = "name" }
stage = "stage"
amount = "sum"
lost_reason = { value = "Too expensive" }
[entered]
Negotiation = "began"
Won = "ended"
Lost = "ended"
"""


@pytest.fixture
def row():
    return {
        "id": "1", "what": "Pump", "whom": "Acme", "who": "Boris Levin", "stage": "Won",
        "sum": "1 000,50", "began": "01.03.2017", "ended": "14.03.2017",
    }  # fmt: skip


def stays(deal):
    return [
        (stay.stage.name, stay.entered_at, stay.left_at, stay.amount)
        for stay in deal.stays.select_related("stage").order_by("entered_at")
    ]


def test_a_closed_deal_gets_the_stays_that_its_dates_tell(
    bring_in, admin, anna, boris, stages, lost_reason, row, company
):
    bring_in(DEALS, [row], by=admin)
    deal = Deal.objects.get()
    began, ended = (company.midnight(datetime.date(2017, 3, day)) for day in (1, 14))
    assert (deal.title, str(deal.amount), deal.owner, deal.outcome) == ("Pump, Acme", "1000.50", boris, "won")
    assert (deal.stage_since, deal.closed_at, deal.lost_reason) == (ended, ended, None)
    assert stays(deal) == [("Negotiation", began, ended, None), ("Won", ended, None, deal.amount)]
    assert not said_wrongly()


def test_a_deal_without_dates_has_stood_there_since_an_unknown_time(
    bring_in, admin, anna, boris, stages, lost_reason, row
):
    bring_in(DEALS, [row | {"stage": "Inquiry", "began": "", "ended": "", "sum": "", "whom": ""}], by=admin)
    deal = Deal.objects.get()
    assert (deal.title, deal.amount, deal.stage_since) == ("Pump", None, None)
    assert stays(deal) == [("Inquiry", None, None, None)]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"ended": ""}, "the day on which it was closed"),
        ({"ended": "28.02.2017"}, "go backwards"),
        ({"ended": "3/14/2017"}, "no date"),
        ({"stage": "Limbo"}, "no “Limbo”"),
        ({"who": "Nobody"}, "no “Nobody”"),
        ({"sum": "-5"}, "Amount"),
    ],
)
def test_a_deal_that_makes_no_sense_is_refused(
    bring_in, admin, anna, boris, stages, lost_reason, row, told, reason
):
    assert counts(bring_in(DEALS, [row | told], by=admin)) == {"refused": 1}
    assert reason in RowRemark.objects.get().text
    assert not Deal.objects.exists()
    assert not StageHistory.objects.exists()


def test_a_lost_deal_has_the_reason_that_the_mapping_names(
    bring_in, admin, anna, boris, stages, lost_reason, row
):
    bring_in(DEALS, [row | {"stage": "Lost", "sum": "0"}], by=admin)
    deal = Deal.objects.get()
    assert (deal.lost_reason, deal.amount) == (lost_reason, 0)


def test_a_deal_that_is_here_moves_by_its_door_now(
    bring_in, admin, anna, boris, stages, lost_reason, row, negotiation
):
    bring_in(DEALS, [row | {"stage": "Negotiation", "ended": "", "sum": ""}], by=admin)
    bringing = bring_in(DEALS, [row], by=admin)
    deal = Deal.objects.get()
    assert counts(bringing) == {"changed": 1}
    assert (deal.outcome, str(deal.amount)) == ("won", "1000.50")
    left_at = deal.stays.get(stage=negotiation).left_at
    assert left_at
    assert left_at > deal.created_at
    assert deal.stays.get(left_at=None).moved_by == admin


def test_a_deal_that_somebody_moved_since_stays_where_he_put_it(
    bring_in, admin, anna, boris, stages, lost_reason, row, negotiation, invoice
):
    bring_in(DEALS, [row | {"stage": "Negotiation", "ended": ""}], by=admin)
    Deal.objects.get().move_to(invoice, by=boris, seen_in=negotiation)
    assert counts(bring_in(DEALS, [row], by=admin)) == {"kept": 1}
    assert Deal.objects.get().stage == invoice
    assert RowRemark.objects.filter(kind="kept").count() == 1


def test_the_past_of_a_deal_that_is_here_is_not_rewritten(
    bring_in, admin, anna, boris, stages, lost_reason, row
):
    bring_in(DEALS, [row], by=admin)
    before = list(StageHistory.objects.order_by("pk").values())
    assert counts(bring_in(DEALS, [row | {"began": "02.03.2017"}], by=admin)) == {"kept": 1}
    assert list(StageHistory.objects.order_by("pk").values()) == before
