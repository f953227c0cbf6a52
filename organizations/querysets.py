"""Organizations: search, names, lists, cards."""

from django.db import connection, models

from records.querysets import OwnedQuerySet
from records.search import fold, matching_number

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


class OrganizationQuerySet(OwnedQuerySet):
    def by_name(self):
        return self.order_by("sort_key", "pk")

    def search(self, text):
        """Search as every record does, and by INN or phone in any spelling."""
        number = matching_number(text)
        return self.filter(number) if number else super().search(text)

    def named(self, name):
        """Keep those called `name`; case and ё/е do not matter."""
        return self.filter(sort_key=fold(name.strip()))

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
