"""`/deals/<pk>/move/`: from the board with htmx, from a plain form, and what is answered to a refusal.

TRUST U8, U11.
"""

import re

import pytest
from django.urls import reverse

from deals.models import Deal
from pipeline.models import Pipeline


@pytest.fixture
def move_url(deal):
    return reverse("deals:deal_move", args=[deal.pk])


@pytest.fixture
def from_board(pipeline):
    """Return the headers of a request that htmx sends from the board, narrowed by `query`."""

    def headers(query=""):
        address = reverse("deals:board", args=[pipeline.pk])
        return {"HX-Request": "true", "HX-Current-URL": f"http://testserver{address}{query}"}

    return headers


def stage_of(deal):
    return Deal.objects.for_system("a test looks").get(pk=deal.pk).stage


def test_a_move_on_the_board_answers_with_the_card_and_the_figures_of_both_columns_alone(
    logged_in, anna, deal, lead, negotiation, invoice, move_url, from_board
):
    answer = logged_in(anna).post(
        move_url, {"stage": negotiation.pk, "seen_in": lead.pk}, headers=from_board()
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert stage_of(deal) == negotiation
    assert f'id="deal-{deal.pk}" data-stage="{negotiation.pk}"' in text
    assert f'id="count-{lead.pk}" hx-swap-oob="true">0<' in text
    assert f'id="sum-{negotiation.pk}" hx-swap-oob="true">₽390,000<' in text
    assert f'id="count-{invoice.pk}"' not in text
    assert "<html" not in text


def test_the_figures_after_a_move_are_those_of_the_filter_that_is_set(
    logged_in, owner, anna, boris, deal, lead, negotiation, move_url, from_board
):
    Deal.objects.make(by=boris, stage=negotiation, title="Not asked for", amount=5)
    answer = logged_in(owner).post(
        move_url,
        {"stage": negotiation.pk, "seen_in": lead.pk},
        headers=from_board(f"?responsible={anna.pk}"),
    )
    assert f'id="count-{negotiation.pk}" hx-swap-oob="true">1<' in answer.content.decode()


def test_the_toast_of_a_move_takes_it_back_by_the_same_door(
    logged_in, anna, deal, lead, negotiation, move_url, from_board
):
    client = logged_in(anna)
    answer = client.post(move_url, {"stage": negotiation.pk, "seen_in": lead.pk}, headers=from_board())
    undo = re.search(r'hx-post="([^"]*)"', answer.content.decode()).group(1).replace("&amp;", "&")
    assert client.post(undo, headers=from_board()).status_code == 200
    assert stage_of(deal) == lead
    assert [stay.stage for stay in deal.stays.order_by("pk")] == [lead, negotiation, lead]


def test_a_won_deal_leaves_the_board_without_any_form(logged_in, anna, deal, lead, won, move_url, from_board):
    answer = logged_in(anna).post(move_url, {"stage": won.pk, "seen_in": lead.pk}, headers=from_board())
    assert f'<li id="deal-{deal.pk}" data-gone>' in answer.content.decode()
    assert stage_of(deal) == won


def test_lost_asks_the_reason_and_each_reason_is_a_button_that_loses_the_deal(
    logged_in, anna, deal, lead, lost, lost_reason, move_url, from_board
):
    client = logged_in(anna)
    asked = client.get(
        move_url, {"stage": lost.pk, "seen_in": lead.pk}, headers=from_board()
    ).content.decode()
    assert f'name="lost_reason" value="{lost_reason.pk}"' in asked
    client.post(
        move_url, {"stage": lost.pk, "seen_in": lead.pk, "lost_reason": lost_reason.pk}, headers=from_board()
    )
    closed = Deal.objects.for_system("a test looks").get(pk=deal.pk)
    assert (closed.outcome, closed.lost_reason) == ("lost", lost_reason)


def test_lost_without_a_reason_asks_for_it_and_writes_nothing(
    logged_in, anna, deal, lead, lost, lost_reason, move_url, from_board
):
    for headers in (from_board(), {}):
        answer = logged_in(anna).post(move_url, {"stage": lost.pk, "seen_in": lead.pk}, headers=headers)
        assert answer.status_code == 422
        assert lost_reason.name in answer.content.decode()
        assert stage_of(deal) == lead


def test_who_comes_second_is_told_who_moved_it_where_and_sees_the_card_where_it_is(
    logged_in, anna, head, deal, lead, negotiation, invoice, move_url, from_board
):
    deal.move_to(negotiation, by=head, seen_in=lead)
    answer = logged_in(anna).post(move_url, {"stage": invoice.pk, "seen_in": lead.pk}, headers=from_board())
    text = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r"Head Headov moved it to “Negotiation” at \d\d:\d\d", text)
    assert f'id="deal-{deal.pk}" data-stage="{negotiation.pk}"' in text
    assert stage_of(deal) == negotiation


def test_without_javascript_who_comes_second_gets_the_menu_again_with_the_reason(
    logged_in, anna, head, deal, lead, negotiation, invoice, move_url
):
    deal.move_to(negotiation, by=head, seen_in=lead)
    answer = logged_in(anna).post(move_url, {"stage": invoice.pk, "seen_in": lead.pk})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Head Headov moved it to “Negotiation”" in text
    assert f'name="seen_in" value="{negotiation.pk}"' in text


def test_a_deal_that_is_archived_meanwhile_leaves_the_board_with_a_sentence(
    logged_in, anna, deal, lead, negotiation, move_url, from_board
):
    deal.archive(by=anna)
    answer = logged_in(anna).post(
        move_url, {"stage": negotiation.pk, "seen_in": lead.pk}, headers=from_board()
    )
    assert answer.status_code == 409
    assert f'<li id="deal-{deal.pk}" data-gone>' in answer.content.decode()
    assert "archive" in answer.content.decode()


@pytest.mark.parametrize("stage", ["foreign", "absent", "nothing"])
def test_a_stage_that_is_not_of_this_pipeline_is_refused_in_the_same_words(
    stage, logged_in, anna, deal, lead, move_url, from_board
):
    other = Pipeline.objects.make_ready("wholesale", language="en", currency="RUB")
    pk = {"foreign": other.stages.first().pk, "absent": 987_654, "nothing": "x"}[stage]
    answer = logged_in(anna).post(move_url, {"stage": pk, "seen_in": lead.pk}, headers=from_board())
    assert answer.status_code == 422
    assert "There is no such choice in the list." in answer.content.decode()
    assert stage_of(deal) == lead


def test_a_deal_out_of_sight_is_not_found_and_an_observer_is_refused(
    logged_in, vera, observer, deal, lead, negotiation, move_url
):
    posted = {"stage": negotiation.pk, "seen_in": lead.pk}
    assert logged_in(vera).post(move_url, posted).status_code == 404
    assert logged_in(vera).get(move_url).status_code == 404
    assert logged_in(observer).post(move_url, posted).status_code == 403
    assert stage_of(deal) == lead


def test_a_plain_form_goes_back_to_the_page_it_names_if_that_is_ours(
    logged_in, anna, deal, lead, negotiation, pipeline, move_url
):
    client = logged_in(anna)
    board = reverse("deals:board", args=[pipeline.pk])
    there = client.post(move_url, {"stage": negotiation.pk, "seen_in": lead.pk, "next": f"{board}?q=head"})
    assert (there.status_code, there.url) == (303, f"{board}?q=head")
    for address in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        seen = stage_of(deal)
        target = lead if seen == negotiation else negotiation
        back = client.post(move_url, {"stage": target.pk, "seen_in": seen.pk, "next": address})
        assert (back.status_code, back.url) == (303, board)


def test_a_move_from_the_card_leads_back_to_the_card(logged_in, anna, deal, lead, negotiation, move_url):
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{deal.get_absolute_url()}"}
    answer = logged_in(anna).post(move_url, {"stage": negotiation.pk, "seen_in": lead.pk}, headers=headers)
    assert answer.headers["HX-Redirect"] == deal.get_absolute_url()


def test_looking_at_the_menu_changes_nothing_and_names_the_stage_of_now(
    logged_in, anna, deal, negotiation, lead, move_url
):
    deal.move_to(negotiation, by=anna, seen_in=lead)
    page = logged_in(anna).get(move_url).content.decode()
    assert re.search(rf'value="{negotiation.pk}" aria-current="true".*?now', page)
    assert f'name="seen_in" value="{negotiation.pk}"' in page
    assert deal.stays.count() == 2


def test_a_move_costs_the_same_queries_among_3_and_among_60_deals(
    logged_in, anna, deal, lead, negotiation, move_url, from_board, django_assert_num_queries
):
    client = logged_in(anna)
    client.get(reverse("deals:board_last"))
    for count, seen, to in ((2, lead, negotiation), (57, negotiation, lead)):
        for _ in range(count):
            Deal.objects.make(by=anna, stage=lead, title="Another")
        with django_assert_num_queries(
            24
        ):  # one of them is the stay that ends: the next says what was before it
            client.post(move_url, {"stage": to.pk, "seen_in": seen.pk}, headers=from_board())
