"""What a screen is: one page that people see, or one state of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tests.screen_world import WHOLE


@dataclass(frozen=True)
class Screen:
    """One page, or one state of it.

    `path` makes its address of a ScreenWorld. `who` is the person of the world that looks ("" for
    nobody). With `post` the screen is what comes back when a form is sent there from the page `begun`.
    `link` makes the address out of a letter that was opened before, in the same browser.
    Menus that a page declares are looked at too (those of the frame only where it `has_frame_opened`),
    and what the buttons `opens` bring. `age` is how far the world is made. A part is asked for by htmx.
    """

    name: str
    path: Callable
    who: str = "anna"
    status: int = 200
    post: Any = None
    begun: str = "/profile/"
    link: Callable | None = None
    opens: tuple = ()
    age: str = WHOLE
    is_part: bool = False
    has_frame_opened: bool = False

    def __str__(self):
        return self.name


def at(name, *arguments, query=""):
    """Return a function that gives the address `name`; an argument is a value, or a path into the world."""

    def path(world):
        values = [_value(world, argument) for argument in arguments]
        return reverse(name, args=values) + query

    return path


def _value(world, argument):
    if not isinstance(argument, str) or "." not in argument:
        return argument
    value = world
    for step in argument.split("."):
        value = value[int(step)] if step.isdigit() else getattr(value, step)
    return value
