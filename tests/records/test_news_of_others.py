"""A card tells what others have changed since it was shown, and nothing of one's own (TRUST U20)."""

import re

import pytest

from activities.models import Activity
from records import news

LOOK = re.compile(r'data-look="([^"]+)"')
KEEP = re.compile(r'data-keep="([^"]+)"')


def look_of(page):
    """The address that the card or the bar asks next."""
    return LOOK.findall(page.text)[0].replace("&amp;", "&")


@pytest.fixture
def card(logged_in, anna, deal):
    """Anna's browser on the card of her deal, and the address that it asks."""
    client = logged_in(anna)
    return client, look_of(client.get(f"/deals/{deal.pk}/"))


def test_nothing_new_is_no_content(card):
    client, look = card
    answer = client.get(look)
    assert (answer.status_code, answer.content) == (204, b"")


def test_to_look_costs_little(card, django_assert_max_num_queries):
    """200 people look every 15 seconds."""
    client, look = card
    with django_assert_max_num_queries(6):
        assert client.get(look).status_code == 204


def test_a_colleagues_change_is_told_with_both_values(card, deal, head):
    client, look = card
    deal.change({"amount": 410_000}, by=head)
    text = re.sub(r"<[^>]+>|\s+", " ", client.get(look).text)
    assert "Head Headov" in text
    assert re.search(r"Amount\s+.*390.000.*410.000", text)


def test_ones_own_change_is_no_news(card, deal, anna):
    client, look = card
    deal.change({"title": "Renamed"}, by=anna)
    assert client.get(look).status_code == 204


def test_what_was_told_is_not_told_again_until_there_is_more(card, deal, head):
    client, look = card
    deal.change({"amount": 410_000}, by=head)
    again = look_of(client.get(look))
    assert client.get(again).status_code == 204
    deal.change({"title": "Renamed"}, by=head)
    text = client.get(again).text
    assert "Renamed" in text
    assert "Amount" in text


def test_after_not_now_only_what_is_new_is_told(card, deal, head):
    client, look = card
    deal.change({"amount": 410_000}, by=head)
    kept = KEEP.findall(client.get(look).text)[0]
    assert client.get(kept).status_code == 204
    deal.change({"title": "Renamed"}, by=head)
    text = client.get(kept).text
    assert "Renamed" in text
    assert "Amount" not in text


def test_moves_notes_and_a_new_responsible_are_told_too(card, deal, head, lead, negotiation, boris, owner):
    client, look = card
    deal.move_to(negotiation, by=head, seen_in=lead)
    Activity.objects.note(deal, "Not for the bar", by=head)
    deal.assign_to(boris, by=owner)
    deal.assign_to(head, by=owner)
    client.force_login(head)
    text = client.get(look).text
    assert "hands it over" in text
    client.force_login(owner)
    text = client.get(look).text
    assert "moves the deal" in text
    assert "writes a note" in text
    assert "Not for the bar" not in text


def test_many_changes_are_counted(card, deal, head):
    client, look = card
    for amount in range(5):
        deal.change({"amount": amount}, by=head)
    assert "and 2 more changes" in client.get(look).text


def test_a_card_without_a_since_asks_for_no_whole_timeline(card, deal, head, monkeypatch):
    monkeypatch.setattr(news, "MOST_COUNTED", 4)
    client, _look = card
    for amount in range(7):
        deal.change({"amount": amount}, by=head)
    assert "and 1+ more change" in client.get(f"/deals/{deal.pk}/changes").text


def test_what_was_handed_to_somebody_else_is_not_found(card, deal, vera, owner):
    client, look = card
    deal.assign_to(vera, by=owner)
    assert client.get(look).status_code == 404


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 30, "1; DROP TABLE"])
def test_a_since_that_is_no_number_is_the_beginning(card, deal, since):
    client, _look = card
    answer = client.get(f"/deals/{deal.pk}/changes", {"since": since})
    assert answer.status_code == 204


@pytest.mark.parametrize(
    ("room", "change"), [("contacts", {"position": "Renamed"}), ("organizations", {"name": "Renamed"})]
)
def test_cards_of_people_and_organizations_tell_it_too(
    logged_in, anna, head, contact, organization, room, change
):
    record = contact if room == "contacts" else organization
    client = logged_in(anna)
    look = look_of(client.get(f"/{room}/{record.pk}/"))
    assert client.get(look).status_code == 204
    record.change(change, by=head)
    assert "Renamed" in client.get(look).text


def test_a_later_page_of_the_history_looks_for_nothing(logged_in, anna, deal):
    page = logged_in(anna).get(f"/deals/{deal.pk}/?after=x")
    assert page.status_code == 200
    assert "data-look" not in page.text
