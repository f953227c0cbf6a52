"""Loads synthetic data into an empty base: people first, then everything else by COPY."""

import itertools
import time

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Role, Team, User
from contacts.models import Contact
from deals.models import Deal, StageHistory
from desk.demo import ground, names
from desk.demo.finver import COMPANY, make_directory
from directories.models import LOST_REASONS, SOURCES
from organizations.models import Organization
from pipeline.models import Pipeline

from . import rows
from .bare import without_indexes

# one of these for so many deals
PEOPLE_A_TEAM, DEALS_AN_ORGANIZATION, DEALS_A_CONTACT = 5, 10, 2
LOADED = (Organization, Contact, Deal, StageHistory)


def load(deals, *, open_deals, people, secret, tell):
    """Fill an empty base with `deals` deals and what belongs to them; `tell` gets a line a step."""
    with transaction.atomic(), connection.cursor() as cursor:
        mark = ground.begin("generated", COMPANY, secret=secret)
        world = _people_and_words(deals, people, secret)
        world.open_share = open_deals / deals
        with without_indexes(cursor, [model._meta.db_table for model in LOADED]):
            started = time.monotonic()
            for model, made in (
                (Organization, (rows.organization(world, pk) for pk in world.organizations)),
                (Contact, (rows.contact(world, pk) for pk in world.contacts)),
            ):
                tell(f"{_copy(cursor, model, made)} {model._meta.verbose_name_plural}")
            stays = _copy_deals(cursor, world, deals)
            tell(f"{deals} deals, {stays} stays")
            tell(f"loaded in {time.monotonic() - started:.0f} s, now the indexes")
        for model in LOADED:
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
        mark.finish()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    tell(f"all of it in {time.monotonic() - started:.0f} s")


def _people_and_words(deals, count, secret):
    office = Team.objects.create(name="Отдел продаж")
    teams = Team.objects.bulk_create(
        Team(name=f"Команда {number}", parent=office) for number in range(1, count // PEOPLE_A_TEAM + 1)
    )
    ground.person("owner", "owner", language="ru", secret=secret)
    ground.person("head", "head", language="ru", secret=secret, team=teams[0])
    password, role = make_password(secret), Role.objects.get(code="manager")
    people = User.objects.bulk_create(
        User(
            email=f"seller{number}@example.com",
            password=password,
            can_log_in=True,
            first_name=names.FIRST_NAMES[number % len(names.FIRST_NAMES)][0],
            last_name=f"{names.LAST_NAMES[number % len(names.LAST_NAMES)]}-{number}",
            role=role,
            team=teams[number % len(teams)],
        )
        for number in range(count)
    )
    pipeline = Pipeline.objects.make_ready("simple", language="ru", currency="RUB")
    return rows.World(
        clock=rows.Clock(timezone.now()),
        owners=[person.pk for person in people],
        stages=[stage.pk for stage in pipeline.stages.in_order()],
        reasons=[entry.pk for entry in make_directory(LOST_REASONS, "Причины проигрыша", names.LOST_REASONS)],
        sources=[entry.pk for entry in make_directory(SOURCES, "Источники", names.SOURCES)],
        organizations=range(1, max(1, deals // DEALS_AN_ORGANIZATION) + 1),
        contacts=range(1, max(1, deals // DEALS_A_CONTACT) + 1),
    )


def _copy(cursor, model, made):
    """COPY the rows `made` (dicts with the same keys) into the table of `model`; return how many."""
    first = next(made)
    rest = {field.attname: field.get_default() for field in _unsaid(model, first)}
    count = 0
    with cursor.copy(f"COPY {model._meta.db_table} ({', '.join((*first, *rest))}) FROM STDIN") as copy:
        for row in itertools.chain([first], made):
            copy.write_row((*row.values(), *rest.values()))
            count += 1
    return count


def _unsaid(model, row):
    """The fields that need a value, and get it neither from `row` nor from the database."""
    for field in model._meta.concrete_fields:
        if not (field.null or field.primary_key or field.generated or field.has_db_default()):
            if field.attname not in row:
                yield field


def _copy_deals(cursor, world, deals, chunk=20_000):
    """COPY the deals, a chunk at a time, each with its stays; return how many stays."""
    stays = 0
    for first in range(1, deals + 1, chunk):
        made = [rows.deal(world, pk) for pk in range(first, min(first + chunk, deals + 1))]
        _copy(cursor, Deal, (row for row, _stays in made))
        stays += _copy(cursor, StageHistory, (stay for _row, each in made for stay in each))
    return stays
