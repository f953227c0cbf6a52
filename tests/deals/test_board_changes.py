"""`/board/<pipeline>/changes?since=`: what colleagues did shows without asking for the board again."""

import re
from html import unescape

import pytest
from django.urls import reverse

from deals.board_changes import MOST
from deals.models import Deal


@pytest.fixture
def look(logged_in, pipeline):
    """Return a function that opens the board as a person, and gives one that looks for changes."""

    def open_board(user, query=""):
        client = logged_in(user)
        page = client.get(reverse("deals:board", args=[pipeline.pk]) + query)
        address = next_look(page)

        def changes():
            nonlocal address
            answer = client.get(address, headers={"HX-Request": "true"})
            address = next_look(answer) or address
            return answer

        return changes

    return open_board


def next_look(answer):
    found = re.search(r'id="board-changes" data-href="([^"]*)"', answer.content.decode())
    return found and unescape(found.group(1))


def card(deal, stage):
    return f'id="deal-{deal.pk}" data-stage="{stage.pk}"'


def gone(deal):
    return f'<li id="deal-{deal.pk}" data-gone>'


def test_nothing_new_is_204(look, head, deal):
    changes = look(head)
    assert changes().status_code == 204
    assert changes().status_code == 204


def test_a_colleagues_move_comes_once_with_the_figures(look, head, anna, deal, lead, negotiation):
    changes = look(head)
    deal.move_to(negotiation, by=anna, seen_in=lead)
    answer = changes().content.decode()
    assert card(deal, negotiation) in answer
    assert f'id="count-{negotiation.pk}" hx-swap-oob="true">1<' in answer
    assert changes().status_code == 204


def test_a_new_deal_and_a_changed_title_come(look, head, anna, deal, lead):
    changes = look(head)
    new = Deal.objects.make(by=anna, stage=lead, title="Brand new")
    assert card(new, lead) in changes().content.decode()
    deal.change({"title": "Renamed"}, by=anna)
    answer = changes().content.decode()
    assert "Renamed" in answer
    assert "Brand new" not in answer


def test_what_is_won_or_archived_goes(look, head, anna, deal, lead, won):
    other = Deal.objects.make(by=anna, stage=lead, title="To the archive")
    changes = look(head)
    deal.move_to(won, by=anna, seen_in=lead)
    other.archive(by=anna)
    answer = changes().content.decode()
    assert gone(deal) in answer
    assert gone(other) in answer


def test_a_deal_that_leaves_my_sight_goes_and_one_that_comes_into_it_comes(
    look, head, anna, boris, deal, lead
):
    annas, boriss = look(anna), look(boris)
    deal.assign_to(boris, by=head)
    assert gone(deal) in annas().content.decode()
    assert card(deal, lead) in boriss().content.decode()


def test_what_strangers_do_is_not_told_not_even_by_a_number(look, vera, anna, deal, lead, negotiation):
    changes = look(vera)
    deal.move_to(negotiation, by=anna, seen_in=lead)
    assert changes().status_code == 204


def test_what_the_filter_no_longer_lets_through_goes(look, head, anna, deal):
    changes = look(head, "?q=warehouse")
    deal.change({"title": "Head of something else"}, by=anna)
    assert gone(deal) in changes().content.decode()


def test_a_change_committed_after_the_look_that_should_have_seen_it_is_not_missed(
    look, head, anna, deal, lead, negotiation
):
    """A transaction writes its moment and commits later: the same span is looked at again."""
    changes = look(head)
    other = Deal.objects.make(by=anna, stage=lead, title="Makes the token move on")
    assert card(other, lead) in changes().content.decode()
    moved = deal.move_to(negotiation, by=anna, seen_in=lead)
    Deal.objects.filter(pk=deal.pk).update(
        updated_at=moved.updated_at - moved.updated_at.resolution * 5_000_000
    )
    assert card(deal, negotiation) in changes().content.decode()


def test_after_very_many_changes_the_page_is_loaded_anew(look, head, anna, lead):
    changes = look(head)
    for number in range(MOST + 1):
        Deal.objects.make(by=anna, stage=lead, title=f"Deal {number}")
    assert changes().headers["HX-Refresh"] == "true"
    assert look(head)().status_code == 204


def test_a_token_that_is_not_ours_loads_the_page_anew(logged_in, head, pipeline):
    address = reverse("deals:board_changes", args=[pipeline.pk])
    for query in ("", "?since=x", "?since=2025-01-01"):
        assert logged_in(head).get(address + query).headers["HX-Refresh"] == "true"


def test_a_look_costs_the_same_queries_for_3_and_for_60_changes(
    look, head, anna, stages, django_assert_num_queries
):
    changes = look(head)
    for count in (3, 60):
        for number in range(count):
            Deal.objects.make(by=anna, stage=stages[number % 3], title="Deal")
        with django_assert_num_queries(13):
            assert changes().status_code == 200
    with django_assert_num_queries(9):
        assert changes().status_code == 204
