"""Directories and entries: who sees them, which can be chosen."""

from django.db import connection, models, transaction
from django.utils.translation import override
from procrastinate.contrib.django import app

from .ready import READY_DIRECTORIES


class DirectoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Directories are for everyone who is logged in."""
        return self if user.is_authenticated else self.none()


class DirectoryManager(models.Manager.from_queryset(DirectoryQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def make_ready(self, language):
        """Make sources and lost reasons with their entries, named in `language`. Safe to run again.

        A directory that is there already is left as the company has made it.
        """
        with override(language):
            for code, (name, entries) in READY_DIRECTORIES.items():
                directory, made = self.get_or_create(code=code, defaults={"name": str(name)})
                if made:
                    directory.entries.bulk_create(
                        directory.entries.model(
                            directory=directory, code=entry, name=str(words), color=color, position=position
                        )
                        for position, (entry, words, color) in enumerate(entries, start=1)
                    )


class EntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Entries are for everyone who is logged in."""
        return self if user.is_authenticated else self.none()

    def for_system(self, why):
        """Work that no person asked for, and why."""
        if not why:
            raise ValueError("Say why no person asks.")
        return self

    def of(self, code):
        """Keep the entries of the directory with the stable `code`."""
        return self.filter(directory__code=code)

    def in_use(self):
        """Keep the entries that can be chosen."""
        return self.filter(retired_at=None, merging_since=None)

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


class CustomFieldManager(models.Manager.from_queryset(CustomFieldQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def make(self, **values):
        """Make a field, and ask for the index it needs. Raises ValidationError."""
        field = self.model(**values)
        field.full_clean()
        field.save()
        self.ask_for_index(field.pk)
        return field

    @staticmethod
    def ask_for_index(field_id):
        """Enqueue, in the running transaction, the job that makes or drops the index of a field."""
        app.configure_task("directories.keep_index", lock=f"own_value_{field_id}").defer(field_id=field_id)
