"""Business records: contacts and organizations; what deals share with them."""

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from contacts.models import Contact
from directories.fields import fields_of
from directories.models import Entry
from organizations.models import Organization
from records.events import RecordMade, tell
from records.models import Event
from records.models.record import split_own, without_empty
from records.refusals import NotAllowed

from ..refusals import MappingMistake, RowRefused
from .target import Target, as_json


def own_choices(field, user):
    """Return what an own field of entries may point at, None for other fields."""
    if not field.is_own or field.custom.choices_from is None:
        return None
    directory = field.custom.choices_from
    return Entry.objects.visible_to(user).in_use().filter(directory=directory), f"entry:{directory.code}"


class Records(Target):
    """Records with a responsible: who imports must be allowed to have them with that responsible."""

    def all_fields(self):
        self.responsible = self._responsible()
        if self.responsible:
            self.optional = {"owner"}
        return fields_of(self.model)

    def _responsible(self):
        """The person whom the mapping names for rows that name nobody."""
        if not self.mapping.responsible:
            return None
        person = User.objects.working().filter(email=self.mapping.responsible.lower()).first()
        if person is None:
            raise MappingMistake(
                _("Nobody who works here has the e-mail %(email)s, which %(mapping)s names as responsible.")
                % {"email": self.mapping.responsible, "mapping": self.mapping.name}
            )
        return person

    def choices(self, field):
        if field.is_own:
            return own_choices(field, self.by)
        model = field.model_field.related_model
        if model is User:
            return User.objects.visible_to(self.by), "user"
        if model is Entry:
            directory = field.model_field.get_limit_choices_to()["directory__code"]
            return Entry.objects.visible_to(self.by).in_use().of(directory), f"entry:{directory}"
        return (model.objects.visible_to(self.by), str(model.entity)) if model else None

    def read(self, cells):
        values = self.own_to_base(super().read(cells))
        if self.responsible and not values.get("owner"):
            values["owner"] = self.responsible
        return values

    def build(self, values):
        values = split_own(values)
        own = without_empty(values.pop("custom", {}))
        record = self.model(created_by=self.by, custom=own, **values)
        if not record.allows(self.by, Action.CHANGE) or not record.owner.is_active:
            raise RowRefused(str(NotAllowed.sentence))
        return record

    def make(self, records):
        super().make(records)
        tell(*(RecordMade(record, by=self.by, imported=True) for record in records))

    @classmethod
    def unmake(cls, pks):
        """With the events that tell of them, which nobody but the import has caused."""
        kind = ContentType.objects.get_for_model(cls.model)
        Event.objects.filter(content_type=kind, object_id__in=pks)._raw_delete("default")
        super().unmake(pks)

    def find(self, pks):
        return self.model.objects.visible_to(self.by).select_related("owner").in_bulk(pks)

    def holds(self, record, name, value):
        return record.holds(name, value)

    def now(self, record, name):
        return as_json(record.read(name))

    def change(self, record, values):
        owner = values.pop("owner", None)
        if owner is not None:
            record = record.assign_to(owner, by=self.by, seen_with=record.owner)
        if values:
            record.change(values, by=self.by, shown={name: record.read(name) for name in values})


class Organizations(Records):
    model = Organization


class Contacts(Records):
    model = Contact
