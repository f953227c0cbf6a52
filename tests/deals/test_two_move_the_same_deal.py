"""TRUST R5: two people move the same deal at once, over real HTTP, 200 times."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from deals.models import Deal
from records.models import Event

pytestmark = pytest.mark.slow

MOVED = 204  # and on to the card, by HX-Redirect
PAIRS = 200
PAIRS_OF_CONTROL = 20


class Browser:
    """A person's session and one connection to the live server."""

    def __init__(self, live_server, user):
        self.user = user
        client = Client()
        client.force_login(user)
        self.connection = HTTPConnection(urlsplit(live_server.url).netloc, timeout=30)
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        # the token of forms is the cookie's value, as on any page
        self.token = "a" * 32
        cookies[settings.CSRF_COOKIE_NAME] = self.token
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def move(self, deal, stage, *, seen_in, together):
        """Post the move when both are ready; return (status, text)."""
        body = urlencode({"stage": stage.pk, "seen_in": seen_in.pk, "csrfmiddlewaretoken": self.token})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self.cookies,
            "HX-Request": "true",  # the refusal is a toast: a whole page would only take longer
        }
        together.wait()
        self.connection.request("POST", reverse("deals:deal_move", args=[deal.pk]), body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.fixture
def race(live_server, anna, head, lead, negotiation, invoice):
    """Return a function that lets anna and her head move each of `count` deals at once."""

    def run(count):
        deals = [Deal.objects.make(by=anna, stage=lead, title=f"Deal {number}") for number in range(count)]
        anna_there, head_there = Browser(live_server, anna), Browser(live_server, head)
        together = threading.Barrier(2, timeout=30)
        with ThreadPoolExecutor(2) as both:
            for deal in deals:
                answers = both.map(
                    lambda each, deal=deal: each[0].move(deal, each[1], seen_in=lead, together=together),
                    [(anna_there, negotiation), (head_there, invoice)],
                )
                yield deal, dict(zip([(anna, negotiation), (head, invoice)], answers, strict=True))

    return run


def is_fair(deal, answers, lead):
    """Say whether exactly one won, the other was told so by name, and only the winner's move was written."""
    winners = [each for each, (status, _text) in answers.items() if status == MOVED]
    if len(winners) != 1:
        return False
    [(winner, stage)] = winners
    [(status, text)] = [answer for each, answer in answers.items() if each != winners[0]]
    stays = [
        (stay.stage, stay.moved_by) for stay in deal.stays.order_by("pk").select_related("stage", "moved_by")
    ]
    moves = Event.objects.of_deal(deal).filter(kind="deal_moved")
    return (
        status == 409
        and f"{winner.full_name} moved it to “{stage.name}” at " in text
        and stays == [(lead, deal.owner), (stage, winner)]
        and [(event.actor, event.particulars["after"]["id"]) for event in moves] == [(winner, stage.pk)]
        and Deal.objects.for_system("a test looks").get(pk=deal.pk).stage == stage
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_the_same_deal_at_once_exactly_one_wins(race, lead, anna):
    won_by = Counter()
    for deal, answers in race(PAIRS):
        assert is_fair(deal, answers, lead), answers
        won_by[next(person for (person, _), (status, _text) in answers.items() if status == MOVED)] += 1
    assert sum(won_by.values()) == PAIRS
    assert len(won_by) == 2, "one of them was always first: this was no race"


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_race_happens(race, lead, monkeypatch):
    """The negative control: with the lock patched away both see the deal where it was."""
    both_have_looked = threading.Barrier(2)

    def looked_at(deal, user, *args, **kwargs):
        seen = (
            Deal.objects.for_system("a test without the lock")
            .select_related("stage__pipeline")
            .get(pk=deal.pk)
        )
        both_have_looked.wait(timeout=30)
        return seen

    monkeypatch.setattr(Deal, "locked_for", looked_at)
    unfair = sum(not is_fair(deal, answers, lead) for deal, answers in race(PAIRS_OF_CONTROL))
    assert unfair == PAIRS_OF_CONTROL
