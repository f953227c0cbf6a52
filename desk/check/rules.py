"""The rules of all rooms, and what breaks them."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.db import connection
from psycopg import sql

from .links import links

NAMED = 5  # ids that a broken rule names
COUNTED = sql.SQL("SELECT count(*), (array_agg(id::text))[:{}] FROM ({}) AS found (id)")


@dataclass(frozen=True)
class Broken:
    """A rule that the base breaks: how often, and the first ids (or names) that break it."""

    name: str
    sentence: str
    count: int
    first: list


def rules():
    """Return {name: (the rule in words, SQL that finds what breaks it)} of all rooms and of the house."""
    found = {}
    for room in settings.ROOMS:
        if find_spec(f"{room}.invariants"):
            found |= import_module(f"{room}.invariants").INVARIANTS
    return found | links()


def broken_rules():
    """Look for what breaks each rule; a rule is one statement, so it sees one moment of the base."""
    with connection.cursor() as cursor:
        for name, (sentence, query) in rules().items():
            what = query if isinstance(query, sql.Composed) else sql.SQL(query)
            cursor.execute(COUNTED.format(sql.Literal(NAMED), what))
            count, first = cursor.fetchone()
            if count:
                yield Broken(name, str(sentence), count, first)
