"""Who asks for the addresses, whose records they are about, and how a browser asks."""

import copy
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import update_last_login
from django.contrib.auth.signals import user_logged_in
from django.test import Client
from django.urls import reverse

from accounts.models import Company, Role, Team, User
from activities.models import Activity
from contacts.models import Contact
from deals.models import Deal
from directories.many import WorkOnRecords, do_to_many
from directories.models import LOST_REASONS, SOURCES, Directory, Entry
from organizations.models import Organization
from pipeline.models import Pipeline
from tests.world import person

FOREIGN = "Xenon of a stranger"


@dataclass(frozen=True)
class Owned:
    """`people`: who stands for each role. `records`: {"own" | "team" | "foreign": {record: the record}},
    anna's (the manager), her colleague boris's, and the stranger vera's. `pipeline`: where their deals stand.
    """

    people: dict
    records: dict
    pipeline: Pipeline
    boris: User
    vera: User


def records_of(owner, title, stage):
    """Return {record: the record} of new ones of `owner`, whose names begin with `title`."""
    organization = Organization.objects.make(by=owner, name=f"{title} Ltd")
    contact = Contact.objects.make(by=owner, first_name=title, last_name="Person")
    deal = Deal.objects.make(by=owner, stage=stage, title=f"{title} deal", amount=1000, contact=contact)
    activity = Activity.objects.plan(deal, f"{title} task", by=owner)
    same = Deal.objects.visible_to(owner).filter(pk=deal.pk)
    operation = do_to_many(
        same, WorkOnRecords, lambda record: record.change({"amount": 2000}, by=owner), by=owner
    )
    return {
        "organization": organization,
        "contact": contact,
        "deal": deal,
        "activity": activity,
        "operation": operation,
    }


@pytest.fixture(scope="module")
def made(standing):
    """The Owned world of a whole module."""
    Role.objects.make_ready("en")
    Company.objects.create(name="Finver", language="en", time_zone="Europe/Moscow")
    team, other_team = Team.objects.create(name="First team"), Team.objects.create(name="Second team")
    for code, name in ((LOST_REASONS, "Too expensive"), (SOURCES, "Web site")):
        directory, _made = Directory.objects.get_or_create(code=code, defaults={"name": code})
        Entry.objects.create(directory=directory, name=name)
    people = {
        "observer": person("Olga", "Observer", "observer"),
        "manager": person("Anna", "Kuzmina", "manager", team),
        "head": person("Head", "Headov", "head", team),
        "owner": person("Owner", "Ownerov", "owner"),
        "admin": person("Admin", "Adminova", "admin"),
    }
    boris = person("Boris", "Levin", "manager", team)
    vera = person("Vera", "Stranger", "manager", other_team)
    pipeline = Pipeline.objects.make_ready("simple", language="en", currency="RUB")
    lead = pipeline.stages.in_order()[0]
    owners = {"own": (people["manager"], "Own"), "team": (boris, "Colleague"), "foreign": (vera, FOREIGN)}
    records = {whose: records_of(*of, lead) for whose, of in owners.items()}
    return Owned(people, records, pipeline, boris, vera)


@pytest.fixture
def owned(made, db):
    """That world for one test, which may do with it what it wants."""
    return copy.deepcopy(made)


def path_of(name, address, records, pipeline):
    """Return the path of an address for the records of one owner."""
    arguments = dict(address.also)
    if address.record:
        arguments["pk"] = records[address.record].pk
    stands_for = {"pipeline": pipeline.pk, "stage": pipeline.stages.in_order()[0].pk}
    if "change" in arguments:
        stands_for["change"] = records[address.record].changes.order_by("pgh_id").last().pk
    return reverse(name, kwargs={key: stands_for.get(value, value) for key, value in arguments.items()})


def client_of(person):
    """A browser in which the person is logged in, without the log-in being written to his row."""
    client = Client(raise_request_exception=False)
    if person is not None:
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        client.force_login(person)
        user_logged_in.connect(update_last_login, dispatch_uid="update_last_login")
    return client
