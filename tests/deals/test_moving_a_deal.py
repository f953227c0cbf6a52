"""`deal.move_to`, the one way a deal changes its stage."""

import pytest

from deals.models import StageHistory
from deals.refusals import MovedElsewhere
from pipeline.models import Pipeline
from pipeline.refusals import MissingFields, OtherPipeline, StageRetired
from records.events import Happening
from records.models import Event
from records.refusals import Archived, NotAllowed


def test_a_second_mover_is_told_who_was_first(deal, lead, negotiation, invoice, anna, head):
    deal.move_to(negotiation, by=anna, seen_in=lead)
    with pytest.raises(MovedElsewhere) as overtaken:
        deal.move_to(invoice, by=head, seen_in=lead)
    assert overtaken.value.by == anna
    assert overtaken.value.now == negotiation
    assert overtaken.value.at == StageHistory.objects.get(deal=deal, left_at=None).stage_since


def test_a_move_ends_the_current_stay_and_begins_the_next_at_the_same_moment(deal, lead, negotiation, anna):
    moved = deal.move_to(negotiation, by=anna, seen_in=lead)
    first, second = deal.stays.order_by("pk")
    assert (first.stage, second.stage) == (lead, negotiation)
    assert first.left_at == second.entered_at == second.stage_since == moved.stage_since
    assert second.left_at is None
    assert second.moved_by == anna


def test_a_move_tells_what_happened_on_the_deals_timeline(deal, lead, negotiation, anna):
    deal.move_to(negotiation, by=anna, seen_in=lead)
    told = Event.objects.of_deal(deal).newest_first().first()
    assert (told.kind, told.actor) == ("deal_moved", anna)
    assert str(Happening.kinds[told.kind].sentence(told)) == "moves the deal: Inquiry → Negotiation"


def test_why_a_deal_was_lost_is_told_and_stays_told_when_it_is_open_again(
    deal, lead, lost, lost_reason, anna, admin
):
    name = lost_reason.name
    deal.move_to(lost, by=anna, seen_in=lead, lost_reason=lost_reason)
    deal.move_to(lead, by=anna, seen_in=lost)
    lost_reason.name = "Called otherwise since"
    lost_reason.save()
    back, told = Event.objects.of_deal(deal).newest_first()[:2]
    assert told.particulars["reason"] == {"id": lost_reason.pk, "name": name}
    assert str(Happening.kinds[told.kind].sentence(told)) == f"moves the deal: Inquiry → Lost: {name}"
    assert "reason" not in back.particulars
    assert deal.stays.get(left_at=None).deal.lost_reason is None


def test_a_loss_told_before_reasons_were_is_still_a_sentence(deal, anna):
    stage = {"id": 1, "name": "Inquiry", "color": 1}
    told = Event(kind="deal_moved", particulars={"before": stage, "after": stage | {"name": "Lost"}})
    assert str(Happening.kinds[told.kind].sentence(told)) == "moves the deal: Inquiry → Lost"


def test_a_move_to_where_the_deal_stands_writes_nothing(deal, lead, anna):
    deal.move_to(lead, by=anna, seen_in=lead)
    assert deal.stays.count() == 1


def test_a_stage_of_another_pipeline_is_refused(deal, lead, anna):
    other = Pipeline.objects.make_ready("wholesale", language="en", currency="RUB")
    with pytest.raises(OtherPipeline):
        deal.move_to(other.stages.in_order()[1], by=anna, seen_in=lead)
    assert deal.stays.count() == 1


def test_a_retired_stage_is_refused(deal, lead, invoice, anna, admin):
    invoice.retire(by=admin)
    with pytest.raises(StageRetired):
        deal.move_to(invoice, by=anna, seen_in=lead)


def test_a_lost_deal_needs_a_reason(deal, lead, lost, lost_reason, anna):
    with pytest.raises(MissingFields):
        deal.move_to(lost, by=anna, seen_in=lead)
    closed = deal.move_to(lost, by=anna, seen_in=lead, lost_reason=lost_reason)
    assert closed.outcome == "lost"
    assert closed.closed_at == closed.stage_since


def test_a_reopened_deal_forgets_its_closing_and_its_reason(deal, lead, lost, negotiation, lost_reason, anna):
    deal.move_to(lost, by=anna, seen_in=lead, lost_reason=lost_reason)
    reopened = deal.move_to(negotiation, by=anna, seen_in=lost)
    assert (reopened.outcome, reopened.closed_at, reopened.lost_reason) == ("", None, None)


def test_an_observer_sees_a_deal_and_may_not_move_it(deal, lead, negotiation, observer):
    with pytest.raises(NotAllowed):
        deal.move_to(negotiation, by=observer, seen_in=lead)
    assert deal.stays.count() == 1


def test_an_archived_deal_does_not_move(deal, lead, negotiation, anna):
    deal.archive(by=anna)
    with pytest.raises(Archived):
        deal.move_to(negotiation, by=anna, seen_in=lead)


def test_a_deal_goes_to_an_open_stage_of_another_pipeline_by_its_own_door(deal, lead, anna):
    other = Pipeline.objects.make_ready("wholesale", language="en", currency="RUB")
    first = other.stages.in_order()[0]
    assert deal.move_to_pipeline(first, by=anna, seen_in=lead).stage == first
