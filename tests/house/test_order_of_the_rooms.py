"""What import-linter cannot see of the order of the rooms (DESIGN §3)."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOMS = settings.ROOMS
CODE = [
    path
    for room in ROOMS
    for path in sorted((settings.BASE_DIR / room).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
TESTS = sorted((settings.BASE_DIR / "tests").rglob("*.py"))
LINES_LIMIT = 300
LINES_LIMIT_OF_TESTS = 400
# A page's modules: what they ask of the base starts at the person who asks.
PAGES = ("views", "forms", "filters")


def room_of(path):
    return path.relative_to(settings.BASE_DIR).parts[0]


def short(path):
    return str(Path(path).relative_to(settings.BASE_DIR))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_its_sign_on_the_door(room):
    sign = ast.get_docstring(ast.parse((settings.BASE_DIR / room / "__init__.py").read_text()))
    assert sign
    assert len(sign.splitlines()) <= 14


def test_a_foreign_key_points_up_or_into_its_own_room():
    order = {room: number for number, room in enumerate(ROOMS)}
    down = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model in apps.get_models()
        if model._meta.app_label in order
        for field in model._meta.get_fields()
        if field.many_to_one and field.concrete and field.related_model is not None
        if order.get(field.related_model._meta.app_label, -1) > order[model._meta.app_label]
    ]
    assert not down


def test_no_room_reaches_for_a_model_by_its_name():
    found = [
        short(path)
        for path in CODE
        if re.search(r"\bget_model\(|import_string\(|import_module\(", path.read_text())
    ]
    assert not found


def test_no_room_imports_inside_a_function_what_is_above_or_below():
    """Django has an app import what of its own room must be known from the start in `ready`."""
    found = [
        f"{short(path)}:{node.lineno}"
        for path in CODE
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom | ast.Import)
        and not (function.name == "ready" and ast.unparse(node).startswith("from . import "))
    ]
    assert not found


def test_no_business_in_signals():
    found = [
        short(path) for path in CODE if re.search(r"django\.db\.models\.signals|@receiver", path.read_text())
    ]
    assert not found


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_includes_only_what_its_room_others_publish_or_all_share(path):
    relative = path.relative_to(settings.BASE_DIR / "templates")
    own = relative.parts[0]
    for included in re.findall(r"""{%\s*include\s+["']([^"']+)["']""", path.read_text()):
        shared = included.startswith("components/") or "/" not in included
        published = re.match(r"\w+/parts\.html(#|$)", included)
        assert shared or included.split("/")[0] == own or published, included


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_part_of_another_room_gets_only_what_it_is_given(path):
    own = path.relative_to(settings.BASE_DIR / "templates").parts[0]
    for tag in re.findall(r"{%\s*include\s+[^%]*%}", path.read_text()):
        target = re.search(r"""["'](\w+)/""", tag)
        if target and target[1] not in (own,):
            assert re.search(r"\sonly\s*%}", tag), tag


def test_a_query_in_a_page_starts_at_the_person_who_asks():
    """`Model.objects` in views, forms and filters is followed by `visible_to`, or by a door or a say-so."""
    beginnings = {"none", "visible_to", "for_system", "make", "assignable_by", "current"}
    doors = {
        "make_ready",
        "create_first_admin",
        "ids_in_team",
        "first_admin_is_missing",
        "plan",
        "note",
        "of",
        "of_deal",
        "take",  # an attempt, counted before anybody is known
        "take_password",
        "take_link",
        "given_by",
        "invite",
        "of_token",  # whoever holds the link of a letter
        "is_spent",  # a token of this very person's form
    }
    found = []
    for path in CODE:
        relative = path.relative_to(settings.BASE_DIR / room_of(path))
        if relative.parts[0].removesuffix(".py") not in PAGES:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Attribute)
                and node.value.attr in ("objects", "_default_manager")
                and node.attr not in beginnings | doors
            ):
                found.append(f"{short(path)}:{node.lineno} .objects.{node.attr}")
    assert not found


def test_a_file_stays_short_enough_to_be_read_at_once():
    limits = dict.fromkeys([*CODE, *(settings.BASE_DIR / "crm_site").rglob("*.py")], LINES_LIMIT)
    limits |= dict.fromkeys(TESTS, LINES_LIMIT_OF_TESTS)
    long = {
        short(path): lines
        for path, limit in limits.items()
        if (lines := len(path.read_text().splitlines())) > limit
    }
    assert not long


def test_kinds_of_fields_are_told_apart_in_one_package_only():
    found = [
        f"{short(path)}:{number}"
        for path in CODE
        if "kinds" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"\bfield\.kind(\.code)? ==|\bkind == \"(text|number|date|entry|money)\"", line)
    ]
    assert not found


def test_nobody_keeps_a_drawer_for_leftovers():
    drawers = {"utils.py", "helpers.py", "common.py", "base.py", "misc.py"}
    allowed = {"directories/kinds/base.py", "crm_site/base.py"}
    assert not {short(path) for path in CODE if path.name in drawers} - allowed
