"""A clock that is set back by a day stops nobody and tears no history (FACTS 3)."""

import json

import pytest
from django.urls import reverse

from tests.deals.nights import days_pass


@pytest.fixture
def annas(logged_in, anna, deal):
    """Anna's browser; all that happened so far is a day ahead of the clock."""
    days_pass(-1)
    return logged_in(anna)


def test_pages_are_shown_as_ever(annas, deal, pipeline):
    pages = [f"/deals/{deal.pk}/", "/deals/", f"/board/{pipeline.pk}/", f"/funnel/{pipeline.pk}/"]
    assert [annas.get(page).status_code for page in pages] == [200] * 4


def test_a_move_ends_the_stay_not_before_it_began(annas, deal, lead, negotiation, won):
    for seen_in, stage in [(lead, negotiation), (negotiation, won)]:
        answer = annas.post(
            reverse("deals:deal_move", args=[deal.pk]), {"stage": stage.pk, "seen_in": seen_in.pk}
        )
        assert answer.status_code == 303
    stays = list(deal.stays.order_by("pk"))
    assert [stay.stage for stay in stays] == [lead, negotiation, won]
    assert all(
        before.entered_at <= before.left_at == after.entered_at
        for before, after in zip(stays, stays[1:], strict=False)
    )


def test_fields_and_notes_are_saved(annas, deal):
    change = {"value": "Renamed", "shown": json.dumps(deal.title)}
    assert annas.post(f"/deals/{deal.pk}/field/title/", change).status_code == 303
    amount = {"value": "7", "shown": json.dumps("390000.00")}
    annas.post(f"/deals/{deal.pk}/field/amount/", amount)
    deal.refresh_from_db()
    assert (deal.title, deal.amount) == ("Renamed", 7)


def test_what_a_colleague_changes_then_is_told(annas, deal, head):
    look = annas.get(f"/deals/{deal.pk}/").text.partition('data-look="')[2].partition('"')[0]
    deal.change({"title": "Renamed"}, by=head)
    assert "Renamed" in annas.get(look).text
