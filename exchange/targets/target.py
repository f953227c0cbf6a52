"""What every target answers: its fields, what a row says of them, how records are made and changed."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.rights import Right
from directories.kinds import KINDS
from records.bulk import copy_in

from ..names import Names, Reference
from ..numbers import plain_number
from ..refusals import MappingMistake, RowRefused

NOTHING: tuple = (None, "", [])


def as_json(value):
    """Return `value` as an imported row keeps it: a record as its id, a number or a day as text."""
    if isinstance(value, models.Model):
        return value.pk
    if value is None or isinstance(value, (bool, int, float, str, list, dict)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class PlainField:
    """A field of a model that has no described fields (people, teams): text, or a record by its name."""

    is_own = False
    kind = KINDS["text"]

    def __init__(self, model, name):
        self.name, self.model_field = name, model._meta.get_field(name)
        self.label = self.model_field.verbose_name
        self.required = not self.model_field.blank

    def parse(self, text, context):
        if self.model_field.is_relation:
            return context.named(self.name, text)
        return self.model_field.clean(text, None)


class Target:
    """One entity of a mapping, for the person who imports. A subclass a kind of record."""

    model: ClassVar[Any]  # a model; each has its own manager
    rights: ClassVar[tuple[Right, ...]] = (Right.IMPORT,)
    goes_along: ClassVar[tuple[Any, ...]] = ()  # models whose rows belong to a record, and go with it

    def __init__(self, mapping, *, by, company):
        """Check that `by` may import this, and that the fields of `mapping` exist.

        Raises PermissionDenied, MappingMistake.
        """
        self.mapping, self.by, self.company = mapping, by, company
        self.optional = set()  # required fields that get their value elsewhere
        for right in self.rights:
            if not by.has_right(right):
                raise PermissionDenied(
                    _("The role of %(person)s does not allow this import.") % {"person": by.full_name}
                )
        self.fields = {field.name: field for field in self.all_fields()}
        self._check_fields()
        self.names = Names(mapping, self._references(), user=by)

    # The fields

    def all_fields(self):
        """Return the fields that a mapping may name."""
        raise NotImplementedError

    def choices(self, field):
        """Return (queryset of what the relation `field` may point at, target), None if it is none."""
        raise NotImplementedError

    def requires(self, field):
        return field.required and field.name not in self.optional

    def _check_fields(self):
        mapped = self.mapping.fields
        unknown = [name for name in mapped if name not in self.fields]
        if unknown:
            raise MappingMistake(
                _("%(mapping)s names the field “%(field)s”, which is not here. Here are: %(all)s.")
                % {"mapping": self.mapping.name, "field": unknown[0], "all": ", ".join(self.fields)}
            )
        missing = [
            field for field in self.fields.values() if self.requires(field) and field.name not in mapped
        ]
        if missing:
            raise MappingMistake(
                _("%(mapping)s lacks the field “%(field)s”, which every record needs.")
                % {"mapping": self.mapping.name, "field": missing[0].name}
            )

    def _references(self):
        references = {}
        for name, origin in self.mapping.fields.items():
            points_at = self.choices(self.fields[name])
            if points_at:
                choices, target = points_at
                references[name] = Reference.to(choices, by=origin.by, target=target, field=name)
            elif origin.by:
                raise MappingMistake(
                    _("%(mapping)s names “%(field)s” by %(by)s, and that field names no record.")
                    % {"mapping": self.mapping.name, "field": name, "by": origin.by}
                )
        return references

    # What a row says

    def read(self, cells):
        """Return {field name: value} of a row. Raises RowRefused with the reason, RowWaits."""
        return {
            name: self._parse_once(self.fields[name], origin.text(cells))
            for name, origin in self.mapping.fields.items()
        }

    def hold(self, rows):
        """Hold what a batch of `rows` (their cells) names, until it is written."""
        self.names.hold(rows)

    def look_up(self, rows):
        """Find what a batch of `rows` (their cells) names, and forget what the last one said."""
        self.names.look_up(rows)
        self._parsed = {}

    def _parse_once(self, field, text):
        """Parse each text of a field once a batch: files repeat themselves, and forms are slow."""
        key = field.name, text
        if key not in self._parsed:
            self._parsed[key] = self._parse(field, text)
        return self._parsed[key]

    def own_to_base(self, values):
        """Return `values` with those of own fields as `custom` keeps them."""
        return {
            name: self.fields[name].to_base(value) if self.fields[name].is_own else value
            for name, value in values.items()
        }

    def _parse(self, field, text):
        if not text:
            if self.requires(field):
                raise RowRefused(_("“%(field)s” is empty.") % {"field": field.label})
            return None if field.is_own else field.model_field.get_default()
        if "\x00" in text:
            raise RowRefused(_("“%(field)s” holds a character that can't be kept.") % {"field": field.label})
        if field.kind.is_number:
            text = self._plain_number(field, text)
        try:
            return field.parse(text, self.names)
        except ValidationError as mistake:
            raise RowRefused(f"{field.label}: {' '.join(mistake.messages)}") from mistake

    def _plain_number(self, field, text):
        try:
            return plain_number(text, self.mapping.decimal)
        except ValueError as mistake:
            read_as = _(
                "%(field)s: “%(value)s” is no number as the mapping reads it: “%(decimal)s” is before the"
                " decimals, “%(other)s” or a space before each three digits of thousands."
            )
            decimal = self.mapping.decimal
            other = "." if decimal == "," else ","
            raise RowRefused(
                read_as % {"field": field.label, "value": text, "decimal": decimal, "other": other}
            ) from mistake

    def as_json(self, values):
        """Return what `read` returned as an imported row keeps it."""
        return {name: as_json(value) for name, value in values.items()}

    # New records

    def build(self, values):
        """Return an unsaved record with `values`. Raises RowRefused."""
        return self.model(**values)

    def make(self, records):
        """Write the new `records`, set-based, and all that is written beside them."""
        copy_in(records)

    @classmethod
    def unmake(cls, pks):
        """Delete records that only an import has made, and what was written beside them; set-based."""
        cls.model._base_manager.filter(pk__in=pks)._raw_delete("default")

    # Records that are here

    def find(self, pks):
        """Return {pk: record} of those that the person may see."""
        raise NotImplementedError

    def holds(self, record, name, value):
        """Say whether the field `name` of `record` has `value`, as `as_json` returned it."""
        return self.now(record, name) == value

    def now(self, record, name):
        """Return what the field `name` of `record` holds, as JSON."""
        return as_json(getattr(record, name))

    def is_empty(self, record, name):
        return self.now(record, name) in NOTHING

    def settle(self, record, before, values):
        """Divide what a changed row says into (what to write, what is kept with the reason).

        `before` is what the row said last, as JSON. What people have changed since stays theirs.
        """
        write, kept, now = {}, {}, self.as_json(values)
        for name, value in values.items():
            said_it_before = name in before and before[name] == now[name]
            if said_it_before or self.holds(record, name, now[name]):
                continue
            if self.holds(record, name, before[name]) if name in before else self.is_empty(record, name):
                write[name] = value
            else:
                kept[name] = _("%(field)s: changed here since, so “%(value)s” of the file was not taken.") % {
                    "field": self.fields[name].label,
                    "value": value,
                }
        return write, kept

    def change(self, record, values):
        """Write `values` (as `read` returned them) to `record`, through its doors."""
        raise NotImplementedError
