"""The list of screens is whole: no page of the site is missing from it, and each is what it says."""

import pytest
from django.test import Client
from django.urls import resolve

from tests.screen_world import AGES, ScreenWorld
from tests.screens import NO_SCREEN, SCREENS, addresses, needs_no_screen
from tests.visits import visit


def test_every_page_of_the_site_is_a_screen(db):
    world = ScreenWorld("en")
    shown = set()
    for screen in SCREENS:
        path = screen.path(world)
        if screen.status != 404 or "nothing" not in path:
            shown.add(resolve(path.partition("?")[0]).view_name)
    known = set(addresses())
    assert {name for name in known - shown if not needs_no_screen(name)} == set(), "no screen shows these"
    assert set(NO_SCREEN) <= known, "listed without need"


def test_no_two_screens_have_one_name():
    names = [screen.name for screen in SCREENS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("age", AGES)
def test_every_screen_answers_as_the_list_says(age, db):
    world = ScreenWorld("en", age=age)
    answers = {
        screen.name: (visit(Client(), world, screen).status_code, screen.status)
        for screen in SCREENS
        if screen.age == age
    }
    assert {name: pair for name, pair in answers.items() if pair[0] != pair[1]} == {}
