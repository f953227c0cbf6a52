"""The card: what it shows, to whom, and what it costs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity
from contacts.models import Contact
from deals.card import steps_of
from deals.models import Deal


@pytest.fixture
def card(deal):
    return reverse("deals:deal_card", args=[deal.pk])


def test_the_card_shows_the_deal_its_people_and_what_happened(logged_in, anna, deal, contact, card):
    contact.change({"needs": "Class A\nbefore November"}, by=anna)
    Activity.objects.note(deal, "Asks for a discount", by=anna)
    page = logged_in(anna).get(card).content.decode()
    for words in ("Head of warehouse", "₽390,000", "Olga Samoylova", "Vector Logistics", "before November"):
        assert words in page
    assert "Asks for a discount" in page
    assert "tel:+78125550142" in page


def test_a_stranger_finds_no_card(logged_in, vera, card):
    assert logged_in(vera).get(card).status_code == 404


def test_an_observer_sees_the_card_and_no_way_to_change_it(logged_in, observer, card):
    page = logged_in(observer).get(card).content.decode()
    assert "Head of warehouse" in page
    assert "move-form" not in page
    assert "/field/" not in page


def test_who_sees_the_deal_reads_its_contact_without_a_link_to_a_strangers_card(
    logged_in, anna, vera, deal, contact, card
):
    foreign = Contact.objects.make(
        by=vera,
        first_name="Ivan",
        last_name="Foreign",
        phones=[{"value": "+78125550199", "typed": "555-01-99"}],
    )
    deal.write(by=anna, at=deal.moment(), contact=foreign)
    page = logged_in(anna).get(card).content.decode()
    assert "Ivan Foreign" in page
    assert "tel:+78125550199" in page
    assert "+7\u00a0812\u00a0555-01-99" in page  # as in lists and search, however it was typed
    assert foreign.get_absolute_url() not in page


def test_the_card_costs_as_many_queries_with_much_history_as_with_little(logged_in, anna, deal, card):
    client = logged_in(anna)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(card).status_code == 200
        return len(queries)

    def happen(count):
        for number in range(count):
            deal.change({"amount": number + 1}, by=anna)
            Activity.objects.note(deal, f"Note {number}", by=anna)
            Activity.objects.plan(deal, f"Task {number}", by=anna, due_at=timezone.now())

    happen(3)
    cost()
    little = cost()
    happen(57)
    assert cost() == little <= 24


def test_older_history_comes_by_key_and_shows_each_thing_once(logged_in, anna, deal, card):
    for number in range(70):
        Activity.objects.note(deal, f"Note {number}.", by=anna)
    client, seen, key = logged_in(anna), [], ""
    while True:
        answer = client.get(card, {"after": key}, headers={"HX-Request": "true"} if key else {})
        timeline = answer.context["timeline"]
        seen += [entry.event.pk for day in timeline.days for entry in day.entries]
        if not (key := timeline.next_key):
            break
    assert len(seen) == len(set(seen)) == 71


def test_a_move_stands_in_the_history_with_both_stages(logged_in, anna, deal, lead, negotiation, card):
    deal.move_to(negotiation, by=anna, seen_in=lead)
    deal.change({"amount": 400_000}, by=anna)
    page = logged_in(anna).get(card).content.decode()
    assert "moves the deal:" in page
    assert "<del>₽390,000</del>" in page
    assert "<ins>₽400,000</ins>" in page


def test_the_history_says_why_a_deal_was_lost(logged_in, anna, deal, lead, lost, lost_reason, card):
    deal.move_to(lost, by=anna, seen_in=lead, lost_reason=lost_reason)
    deal.move_to(lead, by=anna, seen_in=lost)
    page = logged_in(anna).get(card).content.decode()
    assert f"<span>Lost</span></span>: {lost_reason.name}" in page


@pytest.mark.parametrize(("zone", "days"), [("Europe/Moscow", 1), ("America/New_York", 0)])
def test_days_in_a_stage_are_days_of_the_readers_calendar(time_machine, deal, zone, days):
    deal.stage_since = datetime(2026, 10, 11, 20, 50, tzinfo=UTC)  # 23:50 in Moscow
    time_machine.move_to(datetime(2026, 10, 11, 21, 10, tzinfo=UTC))
    with timezone.override(zone):
        assert deal.days_in_stage == days


def test_idle_is_counted_in_full_days_by_the_card_and_by_the_list(deal, lead):
    lead.idle_days = 3
    lead.save()
    for hours, is_idle in ((71, False), (73, True)):
        Deal.objects.filter(pk=deal.pk).update(stage_since=timezone.now() - timedelta(hours=hours))
        fresh = Deal.objects.for_system("test").select_related("stage").get(pk=deal.pk)
        assert fresh.is_idle == Deal.objects.idle().filter(pk=deal.pk).exists() == is_idle


def test_a_lost_deals_bar_is_filled_as_far_as_the_deal_came(anna, deal, stages, lost, lost_reason):
    deal.move_to(stages[1], by=anna, seen_in=stages[0])
    closed = deal.move_to(lost, by=anna, seen_in=stages[1], lost_reason=lost_reason)
    assert [step.is_done for step in steps_of(closed, stages)] == [True, True, False, False, False]
