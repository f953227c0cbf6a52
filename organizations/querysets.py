"""Organizations: search, names, doubles, lists, cards."""

import operator
from functools import reduce

from django.db import connection, models
from django.db.models import Func, Q, TextField, Value
from django.db.models.lookups import Exact

from records.querysets import OwnedQuerySet
from records.search import matching_number

TREE_LOCK = 7_061_002  # pg_advisory_xact_lock key: two changes of parents can't close a circle at once

# UNION, not UNION ALL: a circle that is there already ends the walk
ABOVE = """
WITH RECURSIVE above (id, parent_id) AS (
    SELECT id, parent_id FROM organizations_organization WHERE id = %s
    UNION
    SELECT up.id, up.parent_id FROM organizations_organization up JOIN above ON up.id = above.parent_id
)
SELECT id FROM above
"""


class BareName(Func):
    """`bare_name(text)` of the migrations: without case, ё/е, quotes, legal form («ООО», LLC)."""

    function = "bare_name"
    arity = 1
    output_field = TextField()


class OrganizationQuerySet(OwnedQuerySet):
    def by_name(self):
        return self.order_by("sort_key", "pk")

    def search(self, text):
        """Search as every record does, and by INN or phone in any spelling."""
        number = matching_number(text)
        return self.filter(number) if number else super().search(text)

    def called_like(self, name):
        """Keep those called `name` but for case, ё/е, quotes and legal form; present ones by an index."""
        return self.filter(_called_like(name))

    def same_as(self, *, name="", inn="", kpp="", phones=(), emails=()):
        """Keep what may be an organization with these values; None if they say nothing.

        The same name (`called_like`), the same INN unless both have a KPP and these differ (a branch),
        a phone or an e-mail in common. Each has an index, for present ones.
        """
        conditions = []
        if name.strip():
            conditions.append(_called_like(name))
        if inn:
            conditions.append(Q(inn=inn) & (Q(kpp__in=["", kpp]) if kpp else Q()))
        if phones:
            conditions.append(Q(phone_keys__overlap=[item["value"] for item in phones]))
        if emails:
            conditions.append(Q(email_keys__overlap=[item["value"] for item in emails]))
        return self.filter(reduce(operator.or_, conditions)) if conditions else None

    def for_list(self):
        """With the responsible, and nothing else to be fetched later."""
        return self.select_related("owner").fetch_mode(models.FETCH_RAISE)

    def for_card(self):
        return self.select_related("owner", "created_by", "parent").fetch_mode(models.FETCH_RAISE)

    def lock_tree(self):
        """Let no other transaction change a parent until this one ends."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])

    def ids_above(self, pk):
        """Return the ids of the organization `pk` and of all those that it is a part of."""
        with connection.cursor() as cursor:
            cursor.execute(ABOVE, [pk])
            return {row[0] for row in cursor.fetchall()}


def _called_like(name):
    # of a name that is nothing but quotes nothing is left, and nothing is like it
    return Q(Exact(BareName("name"), BareName(Value(name)))) & ~Q(Exact(BareName(Value(name)), Value("")))
