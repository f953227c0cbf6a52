"""Organizations: search, lists, cards."""

from records.querysets import OwnedQuerySet


class OrganizationQuerySet(OwnedQuerySet):
    def by_name(self):
        return self.order_by("sort_key", "pk")
