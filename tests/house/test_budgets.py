"""A page asks as many queries as is written down, with few rows and with many, and sends what it shows."""

from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.budgets import BUDGETS
from tests.screen_world import WHOLE, ScreenWorld
from tests.screens import SCREENS
from tests.visits import enter, visit

pytestmark = pytest.mark.slow

FEW, MANY = 3, 60
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


@dataclass(frozen=True)
class Measured:
    """What a world with so many rows costs: queries of each screen, and bytes of a move and of the board."""

    queries: dict
    move_bytes: int
    cards_moved: int
    board_bytes: int


def measured(world):
    """Return what the world costs now, and leave it as it is."""
    client = Client()
    client.force_login(world.anna)
    queries = queries_of(world)
    path = reverse("deals:board", args=[world.pipeline.pk])
    board = client.get(path)
    with transaction.atomic():
        answer = client.post(
            reverse("deals:deal_move", args=[world.deal.pk]),
            {"stage": world.stages[2].pk, "seen_in": world.stages[1].pk},
            headers={
                "HX-Request": "true",
                "HX-Target": "moved",
                "HX-Current-URL": f"http://testserver{path}",
            },
        )
        transaction.set_rollback(True)
    assert answer.status_code == 200
    return Measured(queries, len(answer.content), answer.text.count('id="deal-'), len(board.content))


@pytest.fixture(scope="module")
def world(standing):
    return ScreenWorld("en")


@pytest.fixture(scope="module")
def few(world):
    world.more(FEW)
    queries_of(world)  # what a process asks once
    return measured(world)


@pytest.fixture(scope="module")
def many(few, world):
    world.more(MANY - FEW, begin=FEW)
    return measured(world)


@pytest.fixture(params=[FEW, MANY])
def counted(request, few, many):
    return {FEW: few, MANY: many}[request.param].queries


def test_each_screen_asks_as_many_queries_as_are_written_down(counted, db):
    assert counted.keys() == BUDGETS.keys()
    # a short list asks once more: whether there are rows without a value to sort by
    assert {name: number for name, number in counted.items() if number > BUDGETS[name]} == {}


def test_a_move_sends_the_card_and_the_figures_and_not_the_board(few, many):
    assert few.cards_moved == many.cards_moved == 1
    assert many.move_bytes < few.move_bytes * 1.1
    assert many.move_bytes < many.board_bytes / 4


def test_no_page_names_more_rows_than_it_shows(many, world, db):
    """Sixty deals of one stage: a page of them goes out, and no list of the ids of all."""
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
