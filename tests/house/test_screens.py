"""The list of screens is whole: no page of the site is missing from it, no name stands twice."""

from django.urls import resolve

from tests.screen_world import ScreenWorld
from tests.screens import NO_SCREEN, SCREENS, addresses, needs_no_screen


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
