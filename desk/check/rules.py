"""The rules of all rooms, and what breaks them."""

from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from accounts.invariants import INVARIANTS as people
from activities.invariants import INVARIANTS as steps
from deals.invariants import INVARIANTS as deals
from directories.invariants import INVARIANTS as entries
from pipeline.invariants import INVARIANTS as stages

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
    return people | entries | stages | deals | steps | links()


def broken_rules():
    """Look for what breaks each rule; a rule is one statement, so it sees one moment of the base."""
    with connection.cursor() as cursor:
        for name, (sentence, query) in rules().items():
            what = query if isinstance(query, sql.Composed) else sql.SQL(query)
            cursor.execute(COUNTED.format(sql.Literal(NAMED), what))
            count, first = cursor.fetchone()
            if count:
                yield Broken(name, str(sentence), count, first)
