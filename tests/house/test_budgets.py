"""A page asks as many queries as is written down, with few rows and with many, and sends what it shows."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.budgets import BUDGETS
from tests.screen_world import WHOLE, ScreenWorld
from tests.screens import SCREENS
from tests.visits import enter, visit

COUNTED = [screen for screen in SCREENS if screen.age == WHOLE and screen.post is None]


def queries_of(world):
    """Return {screen: how many queries it asks}, when nothing is kept from the screen before."""
    counted = {}
    for screen in COUNTED:
        client = Client()
        if screen.who:
            enter(client, world.people[screen.who])
            client.get("/nothing-here/")  # what a session asks once in five minutes: where it was seen
        with CaptureQueriesContext(connection) as queries:
            visit(client, world, screen, logged_in=True)
        counted[screen.name] = len(queries)
    return counted


@pytest.mark.parametrize("rows", [3, 60])
def test_each_screen_asks_as_many_queries_as_are_written_down(db, rows):
    world = ScreenWorld("en")
    world.more(rows)
    queries_of(world)  # what a process asks once
    counted = queries_of(world)
    assert counted.keys() == BUDGETS.keys()
    # a short list asks once more: whether there are rows without a value to sort by
    assert {name: number for name, number in counted.items() if number > BUDGETS[name]} == {}


def test_a_move_sends_the_card_and_the_figures_and_not_the_board(db):
    world = ScreenWorld("en")
    client = Client()
    client.force_login(world.anna)
    sizes: list[tuple] = []
    for rows in (0, 60):
        if rows:
            world.more(rows)
        board = client.get(reverse("deals:board", args=[world.pipeline.pk]))
        answer = client.post(
            reverse("deals:deal_move", args=[world.deal.pk]),
            {"stage": world.stages[2 - len(sizes)].pk, "seen_in": world.stages[1 + len(sizes)].pk},
            headers={
                "HX-Request": "true",
                "HX-Target": "moved",
                "HX-Current-URL": f"http://testserver/board/{world.pipeline.pk}/",
            },
        )
        assert answer.status_code == 200
        sizes.append((len(answer.content), answer.text.count('id="deal-'), len(board.content)))
    (small, cards, _board), (large, cards_then, whole) = sizes
    assert cards == cards_then == 1
    assert large < small * 1.1
    assert large < whole / 4


def test_no_page_names_more_rows_than_it_shows(db):
    """Sixty deals of one stage: a page of them goes out, and no list of the ids of all."""
    world = ScreenWorld("en")
    world.more(60)
    client = Client()
    client.force_login(world.anna)
    shown = {"deals:board": 25, "deals:deal_list": 50}
    for name, most in shown.items():
        path = reverse(name, args=[world.pipeline.pk] if name == "deals:board" else [])
        text = client.get(path).text
        named = [
            deal for deal in world.deal.__class__.objects.for_system("a test") if f"/deals/{deal.pk}/" in text
        ]
        of_first_stage = [deal for deal in named if deal.stage_id == world.stages[0].pk]
        assert len(of_first_stage) <= most, name
