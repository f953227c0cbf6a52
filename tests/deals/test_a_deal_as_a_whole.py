"""A deal handed over, put into another funnel, archived and restored, by its pages."""

import pytest
from django.urls import reverse

from deals.models import Deal
from pipeline.models import Pipeline


@pytest.fixture
def address(deal):
    """Return a function that gives an address of the deal."""
    return lambda name: reverse(f"deals:deal_{name}", args=[deal.pk])


@pytest.fixture
def other(company):
    return Pipeline.objects.make_ready("wholesale", language="en", currency="RUB")


def now(deal):
    return Deal.objects.for_system("a test looks").get(pk=deal.pk)


def test_a_head_hands_a_deal_over_within_the_team(logged_in, head, anna, boris, vera, deal, address):
    client = logged_in(head)
    assert "Boris Levin" in client.get(address("assign")).content.decode()
    foreign = client.post(address("assign"), {"owner": vera.pk, "seen_with": anna.pk})
    assert foreign.status_code == 422
    assert now(deal).owner == anna
    assert client.post(address("assign"), {"owner": boris.pk, "seen_with": anna.pk}).status_code == 303
    assert now(deal).owner == boris


def test_who_has_only_his_own_deals_is_not_offered_to_hand_them_over(logged_in, anna, address):
    assert "/assign/" not in logged_in(anna).get(address("card")).content.decode()


def test_a_deal_goes_to_an_open_stage_of_another_pipeline(logged_in, anna, deal, lead, other, address):
    client, stage = logged_in(anna), other.stages.in_order()[1]
    assert "/pipeline/" in client.get(address("card")).content.decode()
    assert client.post(address("pipeline"), {"stage": stage.pk, "seen_in": lead.pk}).status_code == 303
    assert now(deal).stage == stage


def test_without_another_pipeline_there_is_nothing_to_press(logged_in, anna, address):
    page = logged_in(anna).get(address("pipeline")).content.decode()
    assert "There is no other pipeline yet." in page
    assert '<button class="btn btn-primary">' not in page


@pytest.mark.parametrize("which", ["own", "won", "absent"])
def test_other_stages_are_refused_alike(which, logged_in, anna, deal, lead, negotiation, other, address):
    won_there = other.stages.get(kind="won")
    stage = {"own": negotiation.pk, "won": won_there.pk, "absent": 10**9}[which]
    answer = logged_in(anna).post(address("pipeline"), {"stage": stage, "seen_in": lead.pk})
    assert answer.status_code == 422
    assert now(deal).stage == lead


def test_who_moved_it_meanwhile_is_said_and_nothing_is_written(
    logged_in, anna, head, deal, lead, negotiation, other, address
):
    deal.move_to(negotiation, by=head, seen_in=lead)
    stage = other.stages.in_order()[1]
    answer = logged_in(anna).post(address("pipeline"), {"stage": stage.pk, "seen_in": lead.pk})
    assert answer.status_code == 409
    assert "Head Headov moved it" in answer.content.decode()
    assert now(deal).stage == negotiation


def test_an_archived_deal_says_so_offers_no_change_and_can_be_restored(logged_in, anna, deal, address):
    client = logged_in(anna)
    assert client.post(address("archive")).status_code == 303
    page = client.get(address("card")).content.decode()
    assert "In the archive since" in page
    assert "move-form" not in page
    assert "/field/" not in page
    assert (
        client.post(reverse("deals:deal_field", args=[deal.pk, "title"]), {"value": "x"}).status_code == 403
    )
    assert client.post(address("restore")).status_code == 303
    assert not now(deal).is_archived


@pytest.mark.parametrize("name", ["card", "assign", "pipeline", "archive", "restore"])
def test_a_stranger_finds_none_of_it(name, logged_in, vera, deal, address):
    client = logged_in(vera)
    assert client.get(address(name)).status_code in (404, 405)
    assert client.post(address(name)).status_code in (404, 405)
    assert not now(deal).is_archived


@pytest.mark.parametrize("name", ["assign", "pipeline", "archive", "restore"])
def test_an_observer_may_do_none_of_it(name, logged_in, observer, deal, address):
    assert logged_in(observer).post(address(name)).status_code == 403
    assert not now(deal).is_archived
