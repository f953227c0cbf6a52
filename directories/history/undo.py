"""One change taken back, through the doors of the record, where nothing of it was changed since."""

from contextlib import suppress

import pghistory
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction

from accounts.rights import Right
from records.models.record import hold
from records.refusals import NotAllowed, Overtaken

from ..fields import fields_of
from ..refusals import ChangedSince, DoesNotFit, NothingToPutBack, WhatStoodThereIsGone
from .states import ARCHIVED, PlainField, as_it_was, differing, fields_in_history, is_put_back, load, text_of

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
def undo_setting(row, change, *, by, request=None):
    """Put back what `change` replaced in what is set up: a stage, an entry, a field, a person, a role.

    All of it or nothing, as the admin `by`. Out of use and back again it goes by its own doors. Raises
    NotAllowed (he does not configure), ChangedSince, NothingToPutBack, DoesNotFit (the rules of such rows
    are against it now), and what the row's door refuses with (LastAdmin, OwnRole…).
    """
    model = type(row)
    if not by.has_right(Right.CONFIGURE):
        raise NotAllowed
    held = model._base_manager.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    newer = row.changes.filter(pgh_id__gt=change.pgh_id).order_by("pgh_id").first()
    before, after = as_it_was(change), as_it_was(newer) if newer else held
    fields = fields_in_history(model, getattr(row, "directory", None))
    load([before, after, held], fields)
    changed = [field for field in differing(fields, before, after) if is_put_back(field, model)]
    if not changed:
        raise NothingToPutBack
    for field in differing(changed, after, held):
        raise ChangedSince(field.name, field.label, now=text_of(field, held))
    if own := {field.name: field.to_base(field.read(before)) for field in changed if field.is_own}:
        hold(own.values())
        held.write_own(own)
    for field in changed:
        if not field.is_own:
            setattr(held, field.name, getattr(before, field.name))
    with pghistory.context(undoes_change=change.pgh_id):
        try:
            held.full_clean()
            held.save_as(by=by, request=request) if hasattr(held, "save_as") else held.save()
        except ObjectDoesNotExist:
            raise WhatStoodThereIsGone from None
        except ValidationError as problem:
            raise DoesNotFit(problem) from problem


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
    return ChangedSince(field.name, field.label, now=text_of(field, now), by=refusal.by)
