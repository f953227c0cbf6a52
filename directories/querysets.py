"""Directories and entries: who sees them, which can be chosen."""

from django.db import connection, models


class DirectoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Directories are for everyone who is logged in."""
        return self if user.is_authenticated else self.none()


class EntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Entries are for everyone who is logged in."""
        return self if user.is_authenticated else self.none()

    def of(self, code):
        """Keep the entries of the directory with the stable `code`."""
        return self.filter(directory__code=code)

    def in_use(self):
        """Keep the entries that can be chosen."""
        return self.filter(retired_at=None)

    def held(self, *pks):
        """Return the entries by id, locked FOR SHARE: nobody retires them before the transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM directories_entry WHERE id = ANY(%s) ORDER BY id FOR SHARE",
                [sorted(set(pks))],
            )
        return self.in_bulk(pks)


class CustomFieldQuerySet(models.QuerySet):
    def of(self, entity, directory=None):
        """Keep the active fields of `entity`, in their order; for entries, of `directory`."""
        return self.filter(entity=entity, directory=directory, is_active=True).select_related("choices_from")
