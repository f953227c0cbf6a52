"""The doors for many records: one operation, all or nothing; and how it is taken back, record by record."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.rights import Action, Scope
from accounts.tracking import changes_model
from records.models import KeptRecord, Operation
from records.models.operation import MOST_AT_ONCE
from records.operations import OperationKind, Undone
from ui.answers import Refusal

from .history import fields_in_history, undo_changes
from .refusals import ChangedSince, TooMany
from .registry import model_of

UNDO_RECORDS = 100  # a transaction each

Reason = KeptRecord.Reason

# One record that can't be put back is kept, and keeps no other one: its door has undone what it began.
NOT_PUT_BACK = (Refusal, IntegrityError)


@transaction.atomic
def do_to_many(records, kind, door, *, by, **particulars):
    """Do `door(record)` to each of `records` (a queryset of what `by` may see), as one operation.

    `kind` is its OperationKind, `particulars` what that says of it. All or nothing: raises what the door of
    any record refuses with, TooMany above MOST_AT_ONCE. Records are locked in the order of their ids.
    Returns the Operation, None if there is nothing to do.
    """
    chosen = list(records.order_by("pk")[: MOST_AT_ONCE + 1])
    if len(chosen) > MOST_AT_ONCE:
        raise TooMany(MOST_AT_ONCE)
    if not chosen:
        return None
    operation = Operation.objects.create(
        kind=kind.kind,
        entity=str(records.model.entity),
        by=by,
        object_ids=[record.pk for record in chosen],
        particulars=particulars,
    )
    hold_all(chosen)
    with operation.in_history():
        for record in chosen:
            door(record)
    operation.finish(changed=len(chosen))
    return operation


def hold_all(states):
    """Hold the stages and entries that `states` (records of one model, or rows of their history) name.

    Before any of the records is locked: the doors hold them for each record by itself, so after the first
    one only what is held already, and nobody who retires one waits in a ring with this (DESIGN §4).
    """
    named: dict[Any, set[int]] = {}
    for state in states:
        for field in state._meta.concrete_fields:
            model = field.related_model
            if model and hasattr(model._default_manager, "held") and getattr(state, field.attname):
                named.setdefault(model, set()).add(getattr(state, field.attname))
    for model, ids in named.items():
        model._default_manager.held(*ids)


class WorkOnRecords(OperationKind):
    """Work that each record's own history has a part of."""

    kind = "work_on_records"
    action = Action.CHANGE

    @classmethod
    def may_be_undone_by(cls, operation, user):
        return user.role.scope(operation.entity, cls.action) > Scope.NONE

    @classmethod
    def labels(cls, operation):
        return labels_of(operation.entity)

    @classmethod
    def undo_some(cls, operation, *, by):
        ids = sorted(pk for pk in operation.object_ids if pk > (operation.position or 0))
        some = ids[:UNDO_RECORDS]
        undone = Undone(some[-1] if some else operation.position, is_last=len(ids) <= UNDO_RECORDS)
        rows = model_of(operation.entity).objects.for_system("what an operation changed, each by its door")
        records = list(rows.filter(pk__in=some).order_by("pk"))
        changes = changes_model(rows.model).objects.filter(pgh_obj__in=some, pgh_context=operation.context)
        hold_all([*records, *changes])
        for record in records:
            try:
                undo_changes(record, operation.context, by=by)
            except NOT_PUT_BACK as refusal:
                undone.kept.append(kept_by(refusal, operation, record))
            else:
                undone.counts["restored"] += 1
        return undone

    @classmethod
    def sentence(cls, operation):
        return _("changes several records at once")


class RecordsAssigned(WorkOnRecords):
    """`name`: of the new responsible."""

    kind = "records_assigned"
    icon = "user"

    @classmethod
    def sentence(cls, operation):
        return _("hands several records over to %(name)s") % operation.particulars


class RecordsArchived(WorkOnRecords):
    kind = "records_archived"
    icon = "archive"
    action = Action.ARCHIVE

    @classmethod
    def sentence(cls, operation):
        return _("moves several records to the archive")


class RecordsMoved(WorkOnRecords):
    """`name`: of the stage."""

    kind = "records_moved"
    icon = "arrows-right-left"

    @classmethod
    def sentence(cls, operation):
        return _("moves several deals to “%(name)s”") % operation.particulars


def labels_of(entity):
    """Return {name: label} of the fields that a refused undo may name. One query."""
    return {field.name: field.label for field in fields_in_history(model_of(entity))}


def kept_by(refusal, operation, record):
    """Return the unsaved KeptRecord of `record`, which a `refusal` of NOT_PUT_BACK has kept as it is."""
    if isinstance(refusal, IntegrityError):
        return KeptRecord.of(operation, record, Reason.REFUSED)
    if isinstance(refusal, ChangedSince):
        who = refusal.by.full_name if refusal.by else ""
        return KeptRecord.of(operation, record, Reason.CHANGED, who=who, field=refusal.field)
    return KeptRecord.of(operation, record, Reason.REFUSED, why=str(refusal))
