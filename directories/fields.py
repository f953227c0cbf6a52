"""The fields of a model, built-in and the company's own, in one description (docs/fields.md)."""

from dataclasses import dataclass
from functools import cached_property

from django.db import models

from records.models.record import CUSTOM

from .expressions import OwnValue
from .kinds import KINDS, kind_of
from .kinds.base import Kind
from .models import CustomField, Entry


class Field:
    """A field of `model`: its name (`amount`, `custom__<code>`), words, kind, and where its value is.

    `model_field` is Django's field of a built-in one, `custom` the CustomField of an own one.
    """

    def __init__(self, model, *, model_field=None, custom=None):
        self.model, self.model_field, self.custom = model, model_field, custom

    def __repr__(self):
        return f"<Field {self.name} of {self.model.__name__}>"

    @property
    def is_own(self) -> bool:
        return self.custom is not None

    @property
    def code(self) -> str:
        """The key of an own value in `custom`."""
        return self.custom.code

    @cached_property
    def name(self) -> str:
        return f"{CUSTOM}{self.code}" if self.is_own else self.model_field.name

    @cached_property
    def kind(self) -> Kind:
        return KINDS[self.custom.kind] if self.is_own else kind_of(self.model_field)

    @property
    def label(self) -> str:
        if self.is_own:
            return self.custom.label
        label = str(self.model_field.verbose_name)
        return label[:1].upper() + label[1:]

    @property
    def help(self) -> str:
        return self.custom.help if self.is_own else self.model_field.help_text

    @property
    def required(self) -> bool:
        return not self.is_own and not self.model_field.blank

    # Values

    def read(self, record):
        """Return the value that `record` has in this field: a date, a Decimal, an Entry, a list…"""
        if self.is_own:
            return self.kind.from_base((record.custom or {}).get(self.code), self, record)
        return getattr(record, self.name)

    def show(self, record) -> str:
        """Return the value as text in the reader's language; '' if there is none."""
        return self.show_value(self.read(record), record)

    def show_value(self, value, record=None) -> str:
        """Return `value`, also as a refusal carries it (a base value, an id), as text."""
        if self.is_own and not isinstance(value, models.Model):
            value = self.kind.from_base(value, self, record)
        return self.kind.show(value, self, record)

    def to_base(self, value):
        """Return the cleaned `value` as `record.change` and `write` take it."""
        return self.kind.to_base(value, self)

    def of(self, record) -> "Shown":
        """Return the field with the value of `record`, for templates."""
        return Shown(self, record)

    # Forms, filters, files: the kind answers

    def form_field(self, user, record=None):
        """Return the form field with the choices that `user` has; the value of `record` stays valid."""
        present = self.read(record) if record is not None else None
        form_field = self.kind.form_field(self, user, present)
        if record is not None:
            self.kind.fit(form_field, record)
        return form_field

    def filters(self, user):
        """Return {URL parameter: form field} of the filter; empty: the field can't be filtered by."""
        return self.kind.filters(self, user)

    def narrow(self, queryset, cleaned):
        """Keep the rows of `queryset` that fit the `cleaned` data of `filters`."""
        return self.kind.narrow(self, queryset, cleaned)

    def parse(self, text, context):
        """Return the value that `text` of a file means. Raises ValidationError with a sentence."""
        return self.kind.parse(text, self, context) if text.strip() else None

    def order_by(self):
        """Return the expressions to sort by; the index of an own field serves them."""
        return (OwnValue(self.code), "pk") if self.is_own else (self.name, "pk")


@dataclass(frozen=True)
class Shown:
    """A field with the value of a record, as `directories/parts.html` takes it."""

    field: Field
    record: models.Model

    @property
    def name(self):
        return self.field.name

    @property
    def label(self):
        return self.field.label

    @property
    def kind(self):
        return self.field.kind

    @property
    def template(self):
        return self.field.kind.template

    @cached_property
    def value(self):
        return self.field.read(self.record)

    @cached_property
    def text(self):
        return self.field.kind.show(self.value, self.field, self.record)

    @property
    def parts(self):
        """Of a list of phones, e-mails, messengers, or of a link: dicts of text, href, label, icon."""
        return self.field.kind.parts(self.value, self.field)


def fields_of(model, directory=None) -> list[Field]:
    """Return the built-in fields that `model.described` names, then the company's own, in their order.

    For entries `directory` says whose. One query.
    """
    built_in = [Field(model, model_field=model._meta.get_field(name)) for name in model.described]
    return built_in + [
        Field(model, custom=custom) for custom in CustomField.objects.of(str(model.entity), directory)
    ]


def field_named(fields, name) -> Field | None:
    """Return the field called `name`, None if there is none."""
    return next((field for field in fields if field.name == name), None)


def load_names(records, fields):
    """Load the entries that the own fields of many `records` hold, in one query (none, if none)."""
    ids = {base for record in records for base in _entry_ids(record.custom or {}, fields)}
    entries = Entry.objects.in_bulk(ids) if ids else {}
    for record in records:
        record.loaded_entries = entries


def _entry_ids(custom, fields):
    codes = [field.code for field in fields if field.is_own and field.custom.choices_from_id]
    return [custom[code] for code in codes if isinstance(custom.get(code), int)]


def describe_changes(event, fields, entries=None, record=None):
    """Return [(label, before, after)] of what `event` says of `fields`, as texts.

    `entries` are the names that `names_told` has loaded for a whole timeline; without them one query.
    `record` is what it happened to (an amount takes its currency).
    """
    told = event.particulars.get("changes") or {}
    if entries is None:
        entries = names_told([event], fields)
    return [
        (field.label, *(field.kind.show_told(side, field, entries, record) for side in told[field.name]))
        for field in fields
        if field.name in told
    ]


def describe_all(events, fields, record=None):
    """Return {event id: what `describe_changes` says of it} for a whole timeline, with one query at most."""
    entries = names_told(events, fields)
    return {event.pk: describe_changes(event, fields, entries, record) for event in events}


def names_told(events, fields):
    """Return {id: name} of the entries that `events` name by id only, in one query (none, if none)."""
    names = {field.name for field in fields if field.is_own and field.custom.choices_from_id}
    ids = {
        side
        for event in events
        for name, sides in (event.particulars.get("changes") or {}).items()
        if name in names
        for side in sides
        if isinstance(side, int)
    }
    return dict(Entry.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
