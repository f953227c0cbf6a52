"""One change taken back, through the doors of the record, where nothing of it was changed since."""

from contextlib import suppress

import pghistory
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from records.models.record import hold
from records.refusals import Overtaken

from ..fields import fields_of
from ..refusals import ChangedSince, NothingToPutBack, WhatStoodThereIsGone
from .states import ARCHIVED, PlainField, as_it_was, differing, load, text_of

OWNER = "owner"


@transaction.atomic
def undo_change(record, change, *, by):
    """Put back what `change`, a row of the history of `record`, replaced; as `by`, by the record's doors.

    All of it or nothing. Raises ChangedSince for the first field that has another value now,
    NothingToPutBack if only what follows from other records was changed (the next step), and what the doors
    refuse with (NotAllowed, Archived, StageRetired…). Returns the record as it is now.
    """
    model = type(record)
    newer = record.changes.filter(pgh_id__gt=change.pgh_id).order_by("pgh_id").first()
    before = as_it_was(change)
    after = as_it_was(newer) if newer else model.objects.for_system("as a change left it").get(pk=record.pk)
    moved = model.moved_by[:1]
    fields = [*fields_of(model), *(PlainField(model._meta.get_field(name)) for name in moved)]
    archived = PlainField(model._meta.get_field(ARCHIVED))
    load([before, after], [*fields, archived])
    changed = {field.name: field for field in differing(fields, before, after)}
    if not changed and before.is_archived == after.is_archived:
        raise NothingToPutBack
    is_move = bool(changed.keys() & set(moved))
    by_other_doors = {OWNER, *(model.moved_by if is_move else ())}
    plain = [field for field in changed.values() if field.name not in by_other_doors]
    with pghistory.context(undoes_change=change.pgh_id):
        try:
            hold([field.read(before) for field in plain])
            if after.is_archived and not before.is_archived:
                record = record.restore(by=by)
            if is_move:
                record = record.move_back(before, after, by=by)
            if OWNER in changed:
                record = record.assign_to(before.owner, by=by, seen_with=after.owner)
            if plain:
                record = record.change(
                    {field.name: field.to_base(field.read(before)) for field in plain},
                    by=by,
                    shown={field.name: field.to_base(field.read(after)) for field in plain},
                )
            if before.is_archived and not after.is_archived:
                record = record.archive(by=by)
        except ObjectDoesNotExist:
            raise WhatStoodThereIsGone from None
        except Overtaken as refusal:
            raise _changed_since(refusal, record, [*fields, archived]) from refusal
    return record


@transaction.atomic
def undo_changes(record, context, *, by):
    """Put back what all changes of `record` within one `context` of the history replaced, as undo_change."""
    for change in record.changes.filter(pgh_context=context).order_by("-pgh_id"):
        with suppress(NothingToPutBack):
            undo_change(record, change, by=by)


def _changed_since(refusal, record, fields):
    field = next(each for each in fields if each.name == refusal.field)
    now = type(record).objects.for_system("what a refused undo found").get(pk=record.pk)
    load([now], [field])
    return ChangedSince(field.label, now=text_of(field, now), by=refusal.by)
