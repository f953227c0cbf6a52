"""Taking `visible_to` out of any one place is noticed (the proof that the matrix can fail).

Every call in the rooms is taken out in turn: its queryset is left as it is. The checks that pass on the
whole product (`leaks.py`), those of them that come by this place, must then find a leak. A place that no
check comes by is a failure too.
"""

import ast
import sys
from collections import defaultdict
from itertools import islice
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from accounts.models import Team, User
from directories.models import Directory, Entry
from pipeline.models import Pipeline, Stage
from tests.security.leaks import answer_to, answers_without_strangers, checks_of
from tests.security.leaks import world as world
from tests.security.owned import made as made
from tests.security.owned import owned as owned

pytestmark = pytest.mark.slow

# Everybody who is logged in sees these (a test below says so): without `visible_to` they show the same.
SEEN_BY_ALL: set[Any] = {User, Team, Pipeline, Stage, Entry, Directory}
# What is behind another look that starts at the person, and can't be reached but through it.
SECOND_LOOKS = {
    "accounts/views/invitations.py invitation_list": "only for those who configure, and they see all",
    "accounts/views/invitations.py invitation_send_again": "only for those who configure, and they see all",
    "accounts/views/invitations.py invitation_withdraw": "only for those who configure, and they see all",
    "accounts/security_log/views.py security_log": "only for those who configure, and they see all",
    "deals/board.py Board.columns": "the cards among the ids that `_in` has found, scoped, in the same call",
    "deals/happened.py Happened.keep": "stays that narrow deals which start at the person",
    "records/doubles.py doubles_among": "the records among the ids of those whom the person sees",
}


def places():
    """Return {(path, line, column where the call ends): where it stands} of each call of `visible_to`."""
    found = {}
    for room in settings.ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            if "migrations" in path.parts or "querysets" in path.parts or path.name == "querysets.py":
                continue  # querysets say what it means
            for owner, call in calls_in(ast.parse(path.read_text())):
                where = f"{path.relative_to(settings.BASE_DIR)} {owner}"
                found[str(path), call.end_lineno, call.end_col_offset] = where, ast.unparse(call.func.value)
    return found


def calls_in(tree, owner=""):
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "visible_to":
            yield owner, node
        inner = owner
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inner = f"{owner}.{node.name}".lstrip(".")
        yield from calls_in(node, inner)


class Watch:
    """Sees each call of `visible_to`: where it stands, of which models; leaves out the one at `taken_out`."""

    def __init__(self):
        self.taken_out, self.reached, self.models = None, set(), defaultdict(set)

    def watching(self, original):
        def visible_to(queryset, user):
            place = self._place(sys._getframe(1))
            self.reached.add(place)
            self.models[place].add(queryset.model)
            return queryset.all() if place == self.taken_out else original(queryset, user)

        return visible_to

    def _place(self, frame):
        while "/django/" in frame.f_code.co_filename:  # a manager hands it on
            frame = frame.f_back
        position = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
        return frame.f_code.co_filename, position[1], position[3]


@pytest.fixture
def watch(monkeypatch):
    watch = Watch()
    watched = {
        cls
        for model in apps.get_models()
        for kind in (type(model._default_manager), type(model._default_manager.all()))
        for cls in kind.__mro__
        if "visible_to" in vars(cls)
    }
    for cls in watched:
        monkeypatch.setattr(cls, "visible_to", watch.watching(vars(cls)["visible_to"]))
    return watch


def test_everybody_who_is_logged_in_sees_what_needs_no_check(owned):
    for model in SEEN_BY_ALL:
        everything = set(model.objects.all())
        assert everything, model
        for person in owned.people.values():
            assert set(model.objects.visible_to(person)) == everything
        assert not model.objects.visible_to(AnonymousUser()).exists()


def test_taking_visible_to_out_of_any_place_is_noticed(world, watch):
    checks = checks_of(world)
    expected = answers_without_strangers(world, checks)
    coming_by = defaultdict(list)
    leaking = set()
    for name, check in checks.items():
        watch.reached = set()
        if answer_to(check) != expected[name]:
            leaking.add(name)
        for place in watch.reached:
            coming_by[place].append(name)
    assert leaking == set(), "on the whole product"

    unnoticed, unneeded = {}, set(SECOND_LOOKS)
    for place, (where, records_of) in places().items():
        models = watch.models.get(place) or by_name(records_of)
        if models and models <= SEEN_BY_ALL:
            continue
        watch.taken_out = place
        if any(is_noticed(checks[name], expected[name]) for name in coming_by[place]):
            continue
        if where in SECOND_LOOKS:
            unneeded.discard(where)
        else:
            unnoticed[f"{where}:{place[1]}"] = f"{len(coming_by[place])} checks come by"
    assert unnoticed == {}
    assert unneeded == set(), "excepted without need"


def is_noticed(check, expected):
    try:
        return answer_to(check) != expected
    except Exception:  # noqa: BLE001 whatever a test says when it fails
        return True


def by_name(records_of):
    """The models of a place that no check came by, if the code names one that everybody sees."""
    return {model for model in SEEN_BY_ALL if records_of == f"{model.__name__}.objects"}
