"""Taking `visible_to` out of any one page is noticed (the proof that the matrix can fail).

Each occurrence in the modules of pages is taken out in turn, by giving its function the code it would
have without it, and the same checks that pass on the whole product must then find a leak.
"""

import ast
import functools
import importlib
import inspect
import re
import types

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.rights import Scope
from contacts.models import Contact
from deals.models import Deal
from organizations.models import Organization
from pipeline.models import Pipeline
from tests.security.addresses import ADDRESSES
from tests.security.test_addresses import FOREIGN, client_of, path_of, people, records  # noqa: F401

# Everybody who is logged in sees these: without `visible_to` they show the same.
SEEN_BY_ALL = re.compile(r"^(User|Team|Pipeline|Stage|Entry|Directory)\.objects$")
# These look a record up again that the request has found already, or narrow what is narrowed beside them.
READ_AGAIN = {
    ("move.py", "_refused"): "the deal of the request, where it is now",
    ("views.py", "_flow"): "the record of the request, with what its card needs",
    ("board.py", "Board.columns"): "cards among the ids of `_in`, which starts at the person",
    ("board_changes.py", "marks_since"): "marks; the cards they lead to start at the person",
    ("form.py", "contact_doubles"): "the contact that is edited, left out of the doubles",
}
PAGES = [
    path
    for room in settings.ROOMS
    for path in sorted((settings.BASE_DIR / room).rglob("*.py"))
    if "views" in path.parts
    or path.name == "views.py"
    or path.name in ("board.py", "board_changes.py", "card.py")
    if "kinds" not in path.parts and "querysets" not in path.parts
]


def occurrences(path):
    """Yield (name of the function, number in it, line) of each `visible_to` that hides records."""
    for owner, function in functions_of(ast.parse(path.read_text())):
        for number, call in enumerate(calls_in(function)):
            known = SEEN_BY_ALL.match(ast.unparse(call.func.value)) or (path.name, owner) in READ_AGAIN
            if not known:
                yield pytest.param(path, owner, number, id=f"{path.parent.name}/{path.name}:{call.lineno}")


def functions_of(tree, prefix=""):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from functions_of(node, f"{prefix}{node.name}.")


def calls_in(function):
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "visible_to"
    ]


class TakenOut(ast.NodeTransformer):
    """Turns `X.visible_to(user)` of one call into `X.all()`."""

    def __init__(self, call):
        self.call = call

    def visit_Call(self, node):
        self.generic_visit(node)
        if node is self.call:
            node.func.attr, node.args, node.keywords = "all", [], []
        return node


def code_without(path, owner, number):
    """Return the code of the function `owner` without its `visible_to` number `number`."""
    tree = ast.parse(path.read_text())
    call = calls_in(dict(functions_of(tree))[owner])[number]
    compiled = compile(ast.fix_missing_locations(TakenOut(call).visit(tree)), str(path), "exec")
    found = compiled
    for name in owner.split("."):
        found = next(c for c in found.co_consts if isinstance(c, types.CodeType) and c.co_name == name)
    return found


def function_of(path, owner):
    """Return the function object itself, under its decorators."""
    module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
    found = importlib.import_module(module.removesuffix(".__init__"))
    for name in owner.split("."):
        found = inspect.getattr_static(found, name)
    if isinstance(found, property):
        found = found.fget
    if isinstance(found, functools.cached_property) or hasattr(found, "func"):
        found = found.func
    return inspect.unwrap(found)


@pytest.fixture
def world(people, records, pipeline, anna, vera, lead):  # noqa: F811
    """anna's records with a stranger's hung on them, beside the stranger's own."""
    own = records["own"]
    Contact.objects.make(
        by=vera,
        first_name=f"{FOREIGN} colleague",
        organization=own["organization"],
        phones=[{"value": "+79997776655", "typed": "", "extension": "", "label": "work"}],
    )
    Organization.objects.make(by=vera, name=f"{FOREIGN} subsidiary", parent=own["organization"])
    for link in ({"contact": own["contact"]}, {"organization": own["organization"]}):
        Deal.objects.make(by=vera, stage=lead, title=f"{FOREIGN} linked", amount=5, **link)
    # a funnel that reaches further than the view of deals, so that both are needed
    people["manager"].role.funnel = Scope.ALL
    people["manager"].role.save()
    Pipeline.objects.make_ready("wholesale", language="en", currency="RUB")
    Contact.objects.for_system("anna's contact is of her organization").filter(pk=own["contact"].pk).update(
        organization=own["organization"]
    )
    Deal.objects.for_system("anna's deal names its organization").filter(pk=own["deal"].pk).update(
        organization=own["organization"]
    )
    return people, records, pipeline


def leaks(world):
    """Yield what anna, a manager, gets to see or touch of a stranger's; nothing on the whole product."""
    people, records, pipeline = world  # noqa: F811
    client = client_of(people["manager"])
    own, foreign = records["own"], records["foreign"]
    board = client.get(path_of("deals:board", ADDRESSES["deals:board"], own, pipeline)).text
    polled = re.search(r"/board/\d+/changes\?since=[^\"&]+", board)
    assert polled, "the board says where its changes are"
    linked = [Deal.objects.for_system("a test").get(pk=foreign["deal"].pk)]
    linked[0].change({"amount": 777, "title": f"{FOREIGN} changed {timezone.now()}"}, by=people["owner"])
    asked = [(polled[0], {})]
    for name, address in ADDRESSES.items():
        if address.record:
            path = path_of(name, address, foreign, pipeline)
            for method in address.methods:
                if client.generic(method, path).status_code != 404:
                    yield f"{method} {name}"
        if "GET" in address.methods and not address.public:
            path = path_of(name, address, own, pipeline)
            asked += [(path, {}), (path, {"q": "Xenon"})]
    asked += [
        ("/deals/new/", {"contact": foreign["contact"].pk, "organization": foreign["organization"].pk}),
        ("/directories/suggest/organization/", {"organization": "Xenon", "q": "Xenon"}),
        ("/directories/suggest/contact/", {"contact": "Xenon", "q": "Xenon"}),
        ("/contacts/doubles/", {"phones": "+7 999 777-66-55", "besides": foreign["contact"].pk}),
    ]
    for path, query in asked:
        text = client.get(path, query).text
        if FOREIGN in re.sub(r'value="[^"]*"', "", text) or f'value="{FOREIGN}' in text:
            yield f"{path} {query}"
    yield from counted(client, own, pipeline)


def counted(client, own, pipeline):
    """Yield the places where a stranger's deals are counted: anna has one open deal of 1,000."""
    board = client.get(path_of("deals:board", ADDRESSES["deals:board"], own, pipeline))
    funnel = client.get(path_of("deals:funnel", ADDRESSES["deals:funnel"], own, pipeline))
    for page, text in (("board", board.text), ("funnel", funnel.text)):
        if re.search(r'<span class="faint t-2 num">[2-9]</span>', text):
            yield f"the counts of the pipelines on the {page}"
        if not re.search(r"\b1 deal\b", text) or re.search(r"1,7\d\d|1,005|1,010", text):
            yield f"the counts of the {page}"
    told = re.sub(r"<[^>]+>|\s+", " ", funnel.text)
    if not re.search(r"New deals\s+1 ", told):
        yield "the new deals of the funnel"
    card = (
        client.get(own["organization"].get_absolute_url()).text
        + client.get(own["deal"].get_absolute_url()).text
    )
    if re.search(r"\b[2-9] open deals\b", card):
        yield "the counts of a card"
    contact = client.get(own["contact"].get_absolute_url()).text
    if re.search(r"\b[2-9] contacts\b", contact):
        yield "the counts of a contact's card"


def test_on_the_whole_product_nothing_leaks(world):
    assert list(leaks(world)) == []


@pytest.mark.parametrize(
    ("path", "function_name", "number"), [each for path in PAGES for each in occurrences(path)]
)
def test_taking_visible_to_out_is_noticed(world, path, function_name, number, monkeypatch):
    function = function_of(path, function_name)
    monkeypatch.setattr(function, "__code__", code_without(path, function_name, number))
    assert next(leaks(world), None) is not None
