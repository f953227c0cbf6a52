"""Contacts: search, recognition, lists, cards."""

from records.querysets import OwnedQuerySet


class ContactQuerySet(OwnedQuerySet):
    def by_name(self):
        return self.order_by("sort_key", "pk")

    def with_phone(self, number):
        """Keep those who have the normalised (E.164) `number`."""
        return self.filter(phone_keys__contains=[number])

    def with_email(self, address):
        """Keep those who have the lower-cased e-mail `address`."""
        return self.filter(email_keys__contains=[address])
