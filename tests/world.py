"""The one small world of all tests: the people of the demo, a pipeline, and records to speak of."""

from functools import cache

import pgtrigger
import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client, TransactionTestCase

from accounts.models import Company, Role, Team, User
from contacts.models import Contact
from deals.models import Deal
from directories.models import LOST_REASONS, SOURCES, Directory, Entry
from organizations.models import Organization
from pipeline.models import Pipeline

PASSWORD = "four-rivers-and-a-boat"


@cache
def hashed():
    """PASSWORD as it is kept; hashed once, since that is slow on purpose."""
    return make_password(PASSWORD)


def person(first_name, last_name, role, team=None, **fields):
    """Make someone who can log in with PASSWORD, in the role with the code `role`."""
    somebody = User.objects.create_user(
        email=f"{first_name.lower()}@example.com",
        first_name=first_name,
        last_name=last_name,
        role=Role.objects.get(code=role),
        team=team,
        can_log_in=True,
        **fields,
    )
    somebody.password = hashed()
    somebody.save(update_fields=["password"])
    return somebody


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):
    """Let what a fixture of a module makes stand for all its tests, each of which is undone to there.

    For a world that is slow to make; not together with tests that commit.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company(db):
    """The company, with its ready roles."""
    Role.objects.make_ready("en")
    return Company.objects.create(name="Finver", language="en", time_zone="Europe/Moscow")


@pytest.fixture
def office(company):
    return Team.objects.create(name="Office")


@pytest.fixture
def team(office):
    """The team of head, anna and boris."""
    return Team.objects.create(name="First team", parent=office)


@pytest.fixture
def other_team(office):
    """The team of vera."""
    return Team.objects.create(name="Second team", parent=office)


@pytest.fixture
def admin(company):
    return person("Admin", "Adminova", "admin")


@pytest.fixture
def owner(company):
    return person("Owner", "Ownerov", "owner")


@pytest.fixture
def observer(company):
    return person("Olga", "Observer", "observer")


@pytest.fixture
def head(team):
    return person("Head", "Headov", "head", team)


@pytest.fixture
def anna(team):
    return person("Anna", "Kuzmina", "manager", team)


@pytest.fixture
def boris(team):
    return person("Boris", "Levin", "manager", team)


@pytest.fixture
def vera(other_team):
    return person("Vera", "Stranger", "manager", other_team)


@pytest.fixture
def pipeline(company):
    """The article's funnel: inquiry, negotiation, invoice sent, payment, shipment, won, lost."""
    return Pipeline.objects.make_ready("simple", language="en", currency="RUB")


@pytest.fixture
def stages(pipeline):
    """The stages of the pipeline in their order."""
    return list(pipeline.stages.in_order())


@pytest.fixture
def lead(stages):
    return stages[0]


@pytest.fixture
def negotiation(stages):
    return stages[1]


@pytest.fixture
def invoice(stages):
    return stages[2]


@pytest.fixture
def won(stages):
    return stages[5]


@pytest.fixture
def lost(stages):
    return stages[6]


@pytest.fixture
def lost_reason(company):
    directory, _ = Directory.objects.get_or_create(code=LOST_REASONS, defaults={"name": "Reasons of loss"})
    return Entry.objects.create(directory=directory, name="Too expensive")


@pytest.fixture
def source(company):
    directory, _ = Directory.objects.get_or_create(code=SOURCES, defaults={"name": "Sources"})
    return Entry.objects.create(directory=directory, name="Web site")


@pytest.fixture
def organization(anna):
    return Organization.objects.make(by=anna, name="Vector Logistics")


@pytest.fixture
def contact(anna, organization):
    return Contact.objects.make(
        by=anna,
        first_name="Olga",
        last_name="Samoylova",
        organization=organization,
        phones=[{"value": "+78125550142", "typed": "8 (812) 555-01-42", "extension": "", "label": "work"}],
    )


@pytest.fixture
def deal(anna, lead, contact, organization):
    """A deal of anna's in the lead stage."""
    return Deal.objects.make(
        by=anna,
        stage=lead,
        title="Head of warehouse",
        amount=390_000,
        contact=contact,
        organization=organization,
    )


@pytest.fixture
def logged_in():
    """Return a function that gives a Client in which the person is logged in."""

    def client_of(user):
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture(scope="session", autouse=True)
def emptied_between_tests():
    """Let a test that commits be cleared away, security events too (their trigger refuses TRUNCATE)."""
    clear = TransactionTestCase._fixture_teardown

    def clear_all(case):
        with pgtrigger.ignore("accounts.SecurityEvent:security_events_are_kept"):
            clear(case)

    TransactionTestCase._fixture_teardown = clear_all
    yield
    TransactionTestCase._fixture_teardown = clear
