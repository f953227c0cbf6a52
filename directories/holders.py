"""Where entries are held: built-in fields by foreign key, own fields by an id in `custom`."""

from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, JSONField, Q, TextField, Value
from django.db.models.lookups import Exact

from accounts.tracking import is_history
from records.models import Record

from .expressions import CUSTOM_COLUMN, OwnValue
from .registry import below_first, model_of

WHY = "which records hold an entry is a question of the house, not of one person"


@dataclass(frozen=True)
class Place:
    """One field of one model that may hold an entry."""

    model: type
    label: str
    condition: object  # for filter()
    to_target: dict  # for update(), once the entry is to be another one

    def rows(self):
        return self.model.objects.for_system(WHY).filter(self.condition)

    def count(self):
        return self.rows().count()


def places_of(entry, target=None):
    """Return the places that may hold `entry`, with what makes them hold `target` instead."""
    return [*_built_in(entry, target), *_own(entry, target)]


def _built_in(entry, target):
    for relation in type(entry)._meta.related_objects:
        if is_history(relation.related_model):
            continue
        name = relation.field.name
        yield Place(relation.related_model, relation.field.verbose_name, Q(**{name: entry}), {name: target})


def _own(entry, target):
    for custom in entry.directory.chosen_by.all():
        written = Func(
            F(CUSTOM_COLUMN),
            Value([custom.code], ArrayField(TextField())),
            Value(target and target.pk, JSONField()),
            function="jsonb_set",
            output_field=JSONField(),
        )
        condition = Exact(OwnValue(custom.code), entry.pk)
        yield Place(model_of(custom.entity), custom.label, condition, {CUSTOM_COLUMN: written})


def repoint(entry, target):
    """Make all that holds `entry` hold `target`, in the running transaction; return how many did.

    The rows are locked in the order of all doors: deals, contacts, organizations, each by id.
    """
    places = places_of(entry, target)
    moved = 0
    for model in dict.fromkeys([*below_first(), *(place.model for place in places)]):
        for place in [each for each in places if each.model is model]:
            held = list(
                place.rows().order_by("pk").select_for_update(no_key=True, of=("self",))
                .values_list("pk", flat=True)
            )  # fmt: skip
            counted = {"version": F("version") + 1} if issubclass(model, Record) else {}
            place.rows().update(**place.to_target, **counted)
            moved += len(held)
    return moved
