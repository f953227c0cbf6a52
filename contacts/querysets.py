"""Contacts: search, recognition, lists, cards, and how they are made."""

from django.db import models, transaction
from django.db.models import Q

from organizations.models import Organization
from records.querysets import OwnedQuerySet
from records.search import matching_number


class ContactQuerySet(OwnedQuerySet):
    def by_name(self):
        return self.order_by("sort_key", "pk")

    def search(self, text):
        """Search as every record does, and by phone in any spelling; a messenger's name may have its @."""
        number = matching_number(text)
        return self.filter(number) if number else super().search(text.strip().removeprefix("@"))

    def with_any(self, *, phones=(), emails=()):
        """Keep those who have one of the normalised `phones` or `emails`."""
        return self.filter(Q(phone_keys__overlap=list(phones)) | Q(email_keys__overlap=list(emails)))

    def for_list(self):
        """With the organization and the responsible, and nothing else to be fetched later."""
        return self.select_related("organization", "owner").fetch_mode(models.FETCH_RAISE)

    def for_card(self):
        return self.select_related("organization", "owner", "created_by", "source").fetch_mode(
            models.FETCH_RAISE
        )

    @transaction.atomic
    def make(self, *, by, token=None, **values):
        """Make a contact as every record is made; an organization that is not saved yet is made with it."""
        return super().make(by=by, token=token, **with_organization(values, by=by))


def with_organization(values, *, by):
    """Return `values` with the organization made, as `by`, if it is a new one."""
    organization = values.get("organization")
    if organization is None or getattr(organization, "pk", organization) is not None:
        return values
    return {**values, "organization": Organization.objects.make(by=by, name=organization.name)}
