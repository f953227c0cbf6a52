"""How a row names other records: by external id, name, code or e-mail, looked up a batch at a time."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Trim
from django.utils.translation import gettext as _

from accounts.models import Role, Team, User
from contacts.models import Contact
from directories.models import Entry
from organizations.models import Organization
from pipeline.models import Stage
from records.models.record import check_offered

from .models import ImportedRow
from .refusals import MappingMistake, RowRefused, RowWaits

# model → what a row may name its records by, the usual one first
WAYS = {
    User: ("external_id", "name", "email"),
    Team: ("external_id", "name"),
    Role: ("code", "name"),
    Entry: ("name", "external_id", "code"),
    Stage: ("name",),
    Organization: ("external_id", "name", "inn"),
    Contact: ("external_id", "email"),
}
# what can be retired under an import, in the order in which doors hold it
HELD = (Stage, Entry)


@dataclass(frozen=True)
class Reference:
    """What a field points at: the rows it may choose from, how the file names them, their target."""

    choices: QuerySet[Any]
    by: str
    target: str

    @classmethod
    def to(cls, choices, *, by, target, field):
        """The Reference to `choices`, named `by` that (or the usual way). Raises MappingMistake."""
        ways = WAYS[choices.model]
        if by and by not in ways:
            raise MappingMistake(
                _("The mapping names “%(field)s” by %(by)s; it can be named by %(ways)s.")
                % {"field": field, "by": by, "ways": ", ".join(ways)}
            )
        return cls(choices, by or ways[0], target)

    def find(self, source, texts):
        """Return {text: [records]} of those that are called so."""
        found = defaultdict(list)
        if self.by == "external_id":
            rows = ImportedRow.objects.named(source, self.target, texts)
            records = self.choices.in_bulk([row.object_id for row in rows.values()])
            for text, row in rows.items():
                if row.object_id in records:
                    found[text].append(records[row.object_id])
        elif self.by == "email" and self.choices.model is Contact:
            for contact in self.choices.filter(email_keys__overlap=[text.lower() for text in texts]):
                for text in texts:
                    if text.lower() in contact.email_keys:
                        found[text].append(contact)
        else:
            named, way = self._by_column(texts)
            for record in named:
                found[getattr(record, way)].append(record)
        return found

    def _by_column(self, texts):
        if self.by == "name" and self.choices.model is User:
            full = Trim(Concat("first_name", Value(" "), "last_name"))
            return self.choices.annotate(called=full).filter(called__in=texts), "called"
        return self.choices.filter(**{f"{self.by}__in": list(texts)}), self.by


class Names:
    """The records that the rows of one batch name. What parsing a field's text asks (its context)."""

    def __init__(self, mapping, references, *, user):
        self.source, self.fields, self.target = mapping.source, mapping.fields, mapping.target
        self.references, self.user = references, user
        self.date_formats = [mapping.date_form]
        self._found = {}

    def hold(self, rows):
        """Find and hold the stages and entries that `rows` name, as doors do before they lock a record.

        All of a batch at once and in the order of the doors: nobody retires or merges one of them until
        the batch is written, and who names one that has just gone is refused (`named`).
        """
        for model in HELD:
            names = [name for name, each in self.references.items() if each.choices.model is model]
            found = {name: self._find(name, rows) for name in names}
            records = [record for by_text in found.values() for some in by_text.values() for record in some]
            held = model.objects.held(*(record.pk for record in records)) if records else {}
            for name, by_text in found.items():
                self._found[name] = {
                    text: [held[record.pk] for record in some] for text, some in by_text.items()
                }

    def look_up(self, rows):
        """Find what else `rows` (their cells) name, one query or two a reference."""
        for name, reference in self.references.items():
            if reference.choices.model not in HELD:
                self._found[name] = self._find(name, rows)

    def _find(self, name, rows):
        texts = {text for cells in rows if (text := self.fields[name].text(cells))}
        return self.references[name].find(self.source, texts) if texts else {}

    def named(self, name, text):
        """Return the record that the field `name` means by `text`.

        Raises RowRefused if there is none or several, RowWaits if it may come later in this file, and
        what a stage or an entry refuses with that is out of use by now.
        """
        found = self._found[name].get(text, ())
        if len(found) == 1:
            check_offered(found)
            return found[0]
        if found:
            raise RowRefused(_("Several records are called “%(name)s”.") % {"name": text})
        missing = _("There is no “%(name)s” (%(field)s).") % {"name": text, "field": name}
        raise RowWaits(missing) if self.references[name].target == self.target else RowRefused(missing)

    # What the kinds of fields ask (directories/kinds)

    def entry(self, field, text):
        return self.named(field.name, text)

    def record(self, field, text):
        return self.named(field.name, text)

    def person(self, text):
        return self.named("owner", text)
