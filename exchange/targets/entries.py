"""Entries of a directory."""

from django.utils.translation import gettext as _

from accounts.rights import Right
from directories.fields import fields_of
from directories.models import Directory, Entry
from records.models.record import CUSTOM

from ..refusals import MappingMistake
from .records import own_choices
from .target import PlainField, Target


class Entries(Target):
    model = Entry
    rights = (Right.IMPORT, Right.CONFIGURE)

    def all_fields(self):
        self.directory = Directory.objects.filter(code=self.mapping.directory).first()
        if self.directory is None:
            raise MappingMistake(
                _("There is no directory “%(code)s”: make it in the administration first.")
                % {"code": self.mapping.directory}
            )
        own = [field for field in fields_of(Entry, self.directory) if field.is_own]
        return [PlainField(Entry, "name"), *own]

    def choices(self, field):
        return own_choices(field, self.by)

    def build(self, values):
        entry = Entry(directory=self.directory, name=values["name"])
        entry.write_own(values)
        return entry

    def read(self, cells):
        return self.own_to_base(super().read(cells))

    def find(self, pks):
        return Entry.objects.visible_to(self.by).in_bulk(pks)

    def now(self, record, name):
        if name.startswith(CUSTOM):
            return record.custom.get(name.removeprefix(CUSTOM))
        return super().now(record, name)

    def change(self, record, values):
        record.name = values.get("name", record.name)
        record.write_own(values)
        record.validate_constraints()
        record.save(update_fields=["name", "custom"])
