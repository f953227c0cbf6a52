"""Whoever changes a deal while its stage is merged is waited for, and what he did stays (TRUST R7)."""

import pytest

from deals.models import Deal, StageHistory
from deals.refusals import MovedElsewhere
from records.models import Event
from tests.deals.stays import said_wrongly
from tests.meanwhile import still_open

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def negotiated(anna, deal, lead, negotiation):
    """A deal in negotiation, with another one beside it."""
    Deal.objects.make(by=anna, stage=negotiation, title="Beside it", amount=100)
    return deal.move_to(negotiation, by=anna, seen_in=lead)


@pytest.fixture
def merged(negotiated, negotiation, invoice, admin):
    """Return a function that merges negotiation into invoice while `work`'s transaction is open."""

    def merge(work):
        with still_open(work):
            negotiation.merge_into(invoice, by=admin)
        assert not Deal.objects.for_system("test").filter(stage=negotiation).exists()
        assert not said_wrongly()
        assert StageHistory.objects.current().count() == Deal.objects.count()
        return Deal.objects.get(pk=negotiated.pk)

    return merge


def moves(deal):
    events = Event.objects.of_deal(deal).filter(kind="deal_moved").order_by("at", "pk")
    return [event.particulars["after"]["name"] for event in events]


def test_a_deal_that_is_won_meanwhile_stays_won(merged, negotiated, negotiation, won, anna):
    deal = merged(lambda: negotiated.move_to(won, by=anna, seen_in=negotiation))
    assert (deal.stage, deal.outcome, deal.closed_at is None) == (won, "won", False)
    assert moves(deal) == ["Negotiation", "Won"]


def test_a_deal_that_is_put_elsewhere_meanwhile_stays_there(merged, negotiated, negotiation, lead, anna):
    deal = merged(lambda: negotiated.move_to(lead, by=anna, seen_in=negotiation))
    assert deal.stage == lead
    assert moves(deal) == ["Negotiation", "Inquiry"]


def test_a_deal_that_is_reopened_into_the_stage_meanwhile_goes_on_with_the_others(
    merged, negotiated, negotiation, invoice, won, anna
):
    closed = negotiated.move_to(won, by=anna, seen_in=negotiation)
    deal = merged(lambda: closed.move_to(negotiation, by=anna, seen_in=won))
    assert (deal.stage, deal.outcome, deal.closed_at) == (invoice, "", None)
    assert moves(deal) == ["Negotiation", "Won", "Negotiation", "Invoice sent"]


def test_a_deal_that_is_archived_meanwhile_is_moved_and_stays_archived(merged, negotiated, invoice, anna):
    deal = merged(lambda: negotiated.archive(by=anna))
    assert (deal.stage, deal.is_archived) == (invoice, True)
    now = deal.stays.get(left_at=None)
    assert (now.archived, now.counts_as_open) == (True, False)


def test_a_deal_that_gets_another_responsible_meanwhile_keeps_him(merged, negotiated, invoice, head, boris):
    deal = merged(lambda: negotiated.assign_to(boris, by=head))
    assert (deal.stage, deal.owner) == (invoice, boris)
    assert deal.stays.get(left_at=None).owner == boris


def test_an_amount_that_is_changed_meanwhile_is_kept(merged, negotiated, invoice, anna):
    deal = merged(lambda: negotiated.change({"amount": 5}, by=anna))
    assert (deal.stage, deal.amount) == (invoice, 5)
    assert deal.stays.get(left_at=None).amount == 5


def test_a_deal_that_comes_back_from_the_archive_meanwhile_is_open_in_the_other_stage(
    merged, negotiated, invoice, anna
):
    archived = negotiated.archive(by=anna)
    deal = merged(lambda: archived.restore(by=anna))
    assert (deal.stage, deal.is_archived, deal.stays.get(left_at=None).counts_as_open) == (
        invoice,
        False,
        True,
    )


def test_who_moves_a_deal_out_after_the_merge_is_told_where_it_is(
    negotiated, negotiation, invoice, won, admin, anna
):
    merging = still_open(lambda: negotiation.merge_into(invoice, by=admin))
    with merging, pytest.raises(MovedElsewhere) as refused:
        negotiated.move_to(won, by=anna, seen_in=negotiation)
    assert (refused.value.now, refused.value.by) == (invoice, admin)


def test_a_merge_writes_of_each_deal_what_its_door_would(negotiated, negotiation, invoice, admin, anna):
    """The same deal moved by the door and by a merge: rows, event and columns are alike."""

    def told(deal):
        stay = deal.stays.filter(left_at=None).values(
            "stage", "counts_as_open", "amount", "owner", "archived", "moved_by", "came_from"
        )[0]
        event = Event.objects.of_deal(deal).filter(kind="deal_moved").order_by("-at")[0]
        change = deal.changes.order_by("-pgh_id")[0]
        columns = {
            name: getattr(deal, name) for name in ("stage", "outcome", "closed_at", "lost_reason", "version")
        }
        shares_moment = deal.stage_since == deal.updated_at == event.at
        return stay, event.particulars, event.actor, change.stage, columns, shares_moment

    twin = Deal.objects.make(by=anna, stage=negotiation, title="Twin", amount=negotiated.amount)
    twin = twin.change({"title": "Twin of it"}, by=anna)
    twin.move_to(invoice, by=admin, seen_in=negotiation)
    negotiation.merge_into(invoice, by=admin)
    assert told(Deal.objects.get(pk=twin.pk)) == told(Deal.objects.get(pk=negotiated.pk))
