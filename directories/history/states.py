"""What a record was: unsaved instances of its model, made of the rows of its change history."""

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from accounts.tracking import changes_model
from records.models import Record
from ui import formats

from ..fields import fields_of, load_names

ARCHIVED = "archived_at"
# Of no field of their own: who counts and when says the change itself, own values have their own fields.
NEVER = {"id", "created_at", "created_by", "version", "updated_at", "custom"}


class PlainField:
    """A built-in field that no form describes: a switch, a choice, a stage, a moment."""

    is_own = False

    def __init__(self, model_field):
        self.model_field, self.name = model_field, model_field.name

    @property
    def label(self):
        label = str(self.model_field.verbose_name)
        return label[:1].upper() + label[1:]

    def read(self, record):
        return getattr(record, self.name)

    def show(self, record):
        value = self.read(record)
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if self.model_field.choices:
            return str(dict(self.model_field.flatchoices).get(value, value))
        return formats.moment(value) if hasattr(value, "hour") else str(value)


def fields_in_history(model, directory=None):
    """Return the fields of `model` that its history tells: those of its forms, then the other ones.

    Left out is what follows from other fields (`follows` of the model) and what is hidden: a field
    out of use. `directory` as for `fields_of`. One query at most.
    """
    described = fields_of(model, directory) if hasattr(model, "described") else []
    left_out = {field.name for field in described} | NEVER | set(getattr(model, "follows", ()))
    kept = {field.name for field in changes_model(model)._meta.fields}
    return described + [
        PlainField(field)
        for field in model._meta.concrete_fields
        if field.name in kept and field.name not in left_out
    ]


def is_put_back(field, model):
    """Say whether an undo can put `field` of `model` back: a door writes it, it follows from no others.

    What is set up (no Record) names its fields in `put_back`; own fields are always among them.
    """
    if not issubclass(model, Record):
        return field.is_own or field.name in model.put_back
    return not isinstance(field, PlainField) or field.name in {*model.moved_by[:1], ARCHIVED}


def as_it_was(change):
    """Return the record as `change`, a row of its history, found it: an unsaved instance."""
    model = type(change).pgh_tracked_model
    kept = {field.attname for field in type(change)._meta.concrete_fields}
    return model(
        **{
            field.attname: getattr(change, field.attname)
            for field in model._meta.concrete_fields
            if field.attname in kept and not field.generated
        }
    )


def load(states, fields):
    """Let the `states` of one record know what their `fields` name: a query for each model, not each row."""
    relations: dict = {}
    for field in fields:
        if not field.is_own and field.model_field.is_relation:
            relations.setdefault(field.model_field.related_model, []).append(field.model_field)
    for model, model_fields in relations.items():
        ids = {getattr(state, field.attname) for state in states for field in model_fields} - {None}
        wanted = getattr(model, "named_with", ())
        rows = model._base_manager.all()
        rows = (rows.select_related(*wanted) if wanted else rows).in_bulk(ids)
        for state in states:
            for field in model_fields:
                found = rows.get(getattr(state, field.attname))
                if found is not None or getattr(state, field.attname) is None:
                    field.set_cached_value(state, found)
    if any(field.is_own for field in fields):
        load_names(states, fields)


def text_of(field, state):
    """Return what `state` says in `field`, in the reader's language; its number if that is gone."""
    try:
        return field.show(state)
    except ObjectDoesNotExist:
        return f"№ {getattr(state, field.model_field.attname)}"


def base_of(field, state):
    """Return what `state` keeps in `field`: to be compared, not to be shown."""
    if field.is_own:
        return (state.custom or {}).get(field.code)
    return getattr(state, field.model_field.attname)


def differing(fields, before, after):
    """Return those of `fields` in which the states differ."""
    return [field for field in fields if base_of(field, before) != base_of(field, after)]
