"""What one is answered must not depend on what one may not see: the checks, each a request or a call.

Anna asks; of operations, which she sees all as she does the funnel, the head of her team asks.

Each check gives its answer as text. It is asked in the world as it is, and in one from which all that is a
stranger's was deleted (`without_strangers`): two different answers are a leak, whatever it is that
differs, a row, a count, a sum or a suggestion. Nothing is said here of what pages look like.
"""

import re
import uuid
from dataclasses import dataclass
from functools import partial

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.rights import Scope
from activities.views import _flow
from contacts.models import Contact
from deals.models import Deal
from deals.views.move import _refused
from exchange.engine import Import
from exchange.mapping import parse
from exchange.models import RowRemark
from organizations.models import Organization
from pipeline.models import Pipeline
from records.models import KeptRecord
from records.timeline import flow_of
from tests.security.addresses import ADDRESSES
from tests.security.owned import FOREIGN, client_of, path_of

# What a request has for itself: tokens of forms, ids of requests, moments, numbers of what it has just made.
ITS_OWN = re.compile(
    r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"|[0-9a-f]{32}|[0-9a-f-]{36}|\b\w{64}\b'
    r"|(?<=since=)[^\"&]+|(?<=/)\d+(?=/)|\d{4}-\d\d-\d\dT[\d:.+]+"
)
PART = {"HX-Request": "true"}
PHONE = "+79997776655"
OF_STRANGERS = [
    "DELETE FROM records_operation WHERE by_id = %(vera)s",
    "DELETE FROM records_event WHERE deal_id IN (SELECT id FROM deals_deal WHERE owner_id <> %(anna)s)",
    "DELETE FROM activities_activity WHERE owner_id <> %(anna)s",
    "DELETE FROM deals_stagehistory WHERE deal_id IN (SELECT id FROM deals_deal WHERE owner_id <> %(anna)s)",
    "DELETE FROM deals_deal WHERE owner_id <> %(anna)s",
    "DELETE FROM contacts_contact WHERE owner_id <> %(anna)s",
    "DELETE FROM organizations_organization WHERE owner_id <> %(anna)s",
]
DEALS = """
source = "shop"
entity = "deal"
pipeline = "simple"
external_id = "id"
[fields]
title = "title"
owner = { column = "owner", by = "email" }
organization = { column = "organization", by = "name" }
stage = "stage"
"""
CONTACTS = """
source = "shop"
entity = "contact"
external_id = "id"
[fields]
first_name = "title"
owner = { column = "owner", by = "email" }
"""


@dataclass(frozen=True)
class World:
    """The people by role, the records by owner ("own" is anna's, "foreign" vera's), their pipeline.

    `colleague` is a stranger's contact with PHONE in anna's organization.
    """

    people: dict
    records: dict
    pipeline: object
    folder: object
    colleague: Contact

    @property
    def anna(self):
        return self.people["manager"]


@pytest.fixture
def world(owned, tmp_path, monkeypatch):
    """anna's records with a stranger's hung on them, beside the stranger's own."""
    monkeypatch.setattr(settings, "CRM_DATA_DIR", tmp_path)
    people, records, vera = owned.people, owned.records, owned.vera
    lead, own = owned.pipeline.stages.in_order()[0], records["own"]
    colleague = Contact.objects.make(
        by=vera,
        first_name=f"{FOREIGN} colleague",
        organization=own["organization"],
        phones=[{"value": PHONE, "typed": "", "extension": "", "label": "work"}],
    )
    Organization.objects.make(
        by=vera, name=f"{FOREIGN} subsidiary", parent=own["organization"], inn="7707083893"
    )
    for link in ({"contact": own["contact"]}, {"organization": own["organization"]}):
        Deal.objects.make(by=vera, stage=lead, title=f"{FOREIGN} linked", amount=5, **link)
    # a funnel that reaches further than the view of deals, so that both are needed
    people["manager"].role.funnel = Scope.ALL
    people["manager"].role.save()
    Pipeline.objects.make_ready("wholesale", language="en", currency="RUB")
    for record in (own["contact"], own["deal"]):
        mine = type(record).objects.for_system("anna's are of her organization").filter(pk=record.pk)
        mine.update(organization=own["organization"])
    KeptRecord.of(
        own["operation"], records["foreign"]["deal"], KeptRecord.Reason.CHANGED, who="Vera Stranger"
    ).save()
    return World(people, records, owned.pipeline, tmp_path, colleague)


class Undone(Exception):
    """Raised at the end of a block of which nothing is to stay."""


def answer_to(check):
    """What `check()` is answered; whatever it writes is undone."""
    try:
        with transaction.atomic():
            answer = ITS_OWN.sub("", str(check()))
            raise Undone
    except Undone:
        return answer


def answers_without_strangers(world, checks):
    """Return {name: answer} of the `checks` in the world without anything that is not anna's."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                for statement in OF_STRANGERS:
                    cursor.execute(statement, {"anna": world.anna.pk, "vera": world.colleague.owner_id})
            answers = {name: answer_to(check) for name, check in checks.items()}
            raise Undone
    except Undone:
        return answers


def checks_of(world):
    """Return {name: check}: every address that lists, shows or takes a record, and what has no address."""
    sessions = {
        role: client_of(world.people[role]).cookies[settings.SESSION_COOKIE_NAME].value
        for role in ("manager", "head")
    }
    own, foreign = world.records["own"], world.records["foreign"]

    def client(role="manager"):
        """A browser that remembers nothing of the check before."""
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[role]
        return client

    def asked(method, path, data=None, role="manager", **headers):
        answer = getattr(client(role), method)(path, data or {}, headers=headers, follow=True)
        return f"{answer.status_code} {answer.text}"

    checks = {}
    for name, address in ADDRESSES.items():
        if address.public:
            continue
        by = "head" if name.startswith("records:operation_") else "manager"
        for method in {"GET", "POST"} & set(address.methods) if address.record else ():
            path = path_of(name, address, foreign, world.pipeline)
            checks[f"{method} {name} of a stranger"] = partial(asked, method.lower(), path, role=by)
        if "GET" in address.methods:
            path = path_of(name, address, own, world.pipeline)
            for query in ({}, {"q": "Xenon"}):
                checks[f"{name} {query}"] = partial(asked, "get", path, query, by)
                checks[f"{name} {query}, a part"] = partial(asked, "get", path, query, by, **PART)
    checks |= {
        f"{path} {data}": partial(asked, method, path, data)
        for method, path, data in asked_for_ids(own, foreign)
    }
    checks |= {
        f"a new deal of {people}": partial(new_deal, client, world, people) for people in typed(foreign)
    }
    return checks | {
        "the board's changes": partial(changes_of_board, client, world, asked),
        "a double of a contact": partial(
            doubles, client, "contacts", world.colleague, {"phones": "+7 999 777-66-55"}
        ),
        "a double of an organization": partial(
            doubles, client, "organizations", foreign["organization"], {"name": f"{FOREIGN} Ltd"}
        ),
        "the flow of a record": partial(flow, world, foreign),
        "the flow after an answer": partial(second_look, world, _flow, foreign["deal"]),
        "a refused move": partial(
            second_look, world, partial(_refused, sentence="", status=409), foreign["deal"]
        ),
        "an import that names a stranger's": partial(named_by_a_file, world, foreign),
        "an import of a stranger's deal": partial(known_to_a_file, world, DEALS, foreign["deal"]),
        "an import of a stranger's contact": partial(known_to_a_file, world, CONTACTS, foreign["contact"]),
    }


def asked_for_ids(own, foreign):
    """Ids of a stranger's records in the query and in the body."""
    contact, organization = foreign["contact"].pk, foreign["organization"].pk
    yield "get", "/deals/new/", {"contact": contact}
    yield "get", "/deals/new/", {"organization": organization}
    yield "get", "/deals/", {"contact": contact}
    yield "get", "/deals/", {"organization": organization}
    today = timezone.localdate()
    yield "get", "/deals/", {"happened": "new", "happened_from": today, "happened_to": today}
    for name, pk in (("contact", contact), ("organization", organization)):
        yield (
            "post",
            f"/deals/{own['deal'].pk}/field/{name}/",
            {
                "value": pk,
                "shown": getattr(own["deal"], f"{name}_id") or "",
            },
        )
    for name in ("organization", "contact"):
        yield "get", f"/directories/suggest/{name}/", {name: "Xenon", "q": "Xenon"}


def typed(foreign):
    """The people of a new deal, called as a stranger's are."""
    yield {"contact": f"{FOREIGN} colleague", "phone": PHONE}
    yield {"contact": f"{FOREIGN} Person"}
    yield {"contact": f"{FOREIGN} Person", "contact_choice": foreign["contact"].pk}
    yield {"organization": f"{FOREIGN} Ltd"}
    yield {"organization": "7707083893"}


def new_deal(client, world, people):
    """Which strangers a new deal gets, or its form offers; that there is one it may say (DESIGN §4)."""
    stage = world.pipeline.stages.in_order()[0]
    form = {"title": "Typed", "stage": stage.pk, "token": uuid.uuid4()}
    answer = client().post("/deals/new/", form | people)
    offered = re.findall(r'name="\w+_choice" value="(\d+)"', answer.text)
    made = Deal.objects.for_system("what was made").filter(title="Typed").first()
    given = [made.contact, made.organization] if made else []
    return [offered, [each for each in given if each and each.owner != world.anna]]


def changes_of_board(client, world, asked):
    """What the board hears after a stranger's deal has changed."""
    board = client().get(f"/board/{world.pipeline.pk}/").text
    [polled] = set(re.findall(r"/board/\d+/changes\?since=[^\"&]+", board))
    everybody = Deal.objects.for_system("a stranger changes what is his")
    for deal in everybody.filter(pk=world.records["foreign"]["deal"].pk):
        deal.change({"amount": 777}, by=world.people["owner"])
    return asked("get", polled)


def doubles(client, room, record, typed):
    """Of a double it is told who is responsible, and neither its name nor which record it is."""
    is_here = type(record).objects.for_system("a test").filter(pk=record.pk).exists()
    pages = [
        ITS_OWN.sub("", client().get(f"/{room}/doubles/", typed | {"besides": pk}).text)
        for pk in (record.pk, 987654321)
    ]
    assert not is_here or "Vera Stranger" in pages[1], "the check can't fail"
    return [pages[0] == pages[1], FOREIGN in pages[0]]


def flow(world, foreign):
    """A record's history and tasks, asked by one who was not to come so far."""
    told = flow_of(foreign["deal"], world.anna, describe=lambda events: {})
    entries = [entry for day in told["timeline"].days for entry in day.entries]
    return [told["tasks"], [entry.activity for entry in entries if entry.activity]]


def second_look(world, view, record):
    """A view looks its record up again before it answers: that look starts at the person too."""
    request = RequestFactory().get("/")
    vars(request).update(user=world.anna, htmx=False, session={})  # what middleware adds
    try:
        view(request, record)
    except (Http404, type(record).DoesNotExist):
        return "not found"
    return "shown"


def bring_in(world, mapping, row):
    """What becomes of the only row of a file that a head of the team brings in."""
    world.people["head"].role.may_import = True
    world.people["head"].role.save()
    path = world.folder / "leak.csv"
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n")
    bringing = Import(path, parse(mapping, name="leak.toml"), by=world.people["head"])
    bringing.run()
    return bringing.import_run, [remark.text for remark in RowRemark.objects.filter(run=bringing.import_run)]


ROW = {
    "id": "1",
    "title": "Of a file",
    "owner": "anna@example.com",
    "organization": f"{FOREIGN} Ltd",
    "stage": "Inquiry",
}


def named_by_a_file(world, foreign):
    run, reasons = bring_in(world, DEALS, ROW)
    return [run.counts, reasons]


def known_to_a_file(world, mapping, record):
    """A row that the owner brought in as a stranger's record: a head may not see what it is now."""
    run, _reasons = bring_in(world, mapping, ROW | {"organization": ""})
    run.rows.update(object_id=record.pk)
    _run, reasons = bring_in(world, mapping, ROW | {"organization": "", "title": "Of another file"})
    return reasons
