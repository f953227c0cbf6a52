"""An import taken back: what it made and nobody has touched since is gone, what it changed is put back.

docs/decisions/0030 says what is kept, and why what only the import has made may be deleted.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count

from accounts.rights import Action
from accounts.tracking import TRACKED, changes_model, is_history
from directories.expressions import OwnValue
from directories.history import undo_changes
from directories.many import NOT_PUT_BACK, hold_all, kept_by
from directories.models import CustomField, Entry
from directories.registry import model_of
from records.bulk import check_at_once
from records.events import RecordMade
from records.models import Event, KeptRecord, Record
from records.operations import Undone
from ui.answers import Refusal

from .locks import wait_for_import_of
from .models import ImportedChange, ImportedRow
from .targets import TARGETS

UNDO_ROWS = 1000  # a transaction each, as the import has them
Reason = KeptRecord.Reason


def undo_batch(run, operation, *, by):
    """Take back the next rows of `run`, the last ones first: what was made later may point at the earlier.

    In the running transaction; returns Undone. What another row of the import points at goes before it.
    """
    wait_for_import_of(run.source)
    made, changed, position, is_last = _next_rows(run, operation.position)
    undone = Undone(position, is_last)
    target = TARGETS[operation.entity]
    records = _to_put_back(target, changed, operation)
    _unmake(target, {row.object_id: row for row in made}, operation, undone, by=by)
    for change in sorted(changed, key=lambda change: change.row.object_id):
        if change.row.object_id in records:
            _put_back(records[change.row.object_id], change, operation, undone, by=by)
    return undone


def _next_rows(run, position):
    """Return (rows that `run` made, its changes of others, the row these go down to, whether they are all).

    Those below the row `position`, together at most UNDO_ROWS.
    """
    below = {} if position is None else {"pk__lt": position}
    of_others = {} if position is None else {"row__lt": position}
    made = list(ImportedRow.objects.filter(made_in=run, **below).order_by("-pk")[:UNDO_ROWS])
    changes = run.changes.exclude(row__made_in=run).filter(**of_others).select_related("row")
    changed = list(changes.order_by("-row_id")[:UNDO_ROWS])
    ids = sorted([*(row.pk for row in made), *(change.row_id for change in changed)], reverse=True)[
        :UNDO_ROWS
    ]
    if not ids:
        return [], [], position, True
    down_to = ids[-1]
    return (
        [row for row in made if row.pk >= down_to],
        [change for change in changed if change.row_id >= down_to],
        down_to,
        len(ids) < UNDO_ROWS,
    )


# What it made


def _unmake(target, made, operation, undone, *, by):
    check_at_once()
    locked = target.model._base_manager.select_for_update().filter(pk__in=made)
    there = {record.pk: record for record in locked.order_by("pk")}
    touched = _touched(target, list(there))
    refused = _beyond(by, target, there.values()) - touched
    free = there.keys() - touched - refused
    used: dict[int, int] = {}
    while found := _used(target, free):
        used |= found
        free -= found.keys()
    target.unmake(free)
    gone = (free | (made.keys() - there.keys())) & made.keys()
    rows = [made[pk].pk for pk in gone]
    ImportedChange.objects.filter(row__in=rows)._raw_delete("default")
    ImportedRow.objects.filter(pk__in=rows)._raw_delete("default")
    undone.counts["gone"] = len(free)
    told = _last_told(target.model, touched)
    for pk in there.keys() - free:
        if pk in touched:
            reason, particulars = Reason.CHANGED, told.get(pk, {})
        elif pk in refused:
            reason, particulars = Reason.REFUSED, {"not_allowed_to": by.full_name}
        else:
            reason, particulars = Reason.USED, {"count": used[pk]}
        undone.kept.append(KeptRecord.of(operation, there[pk], reason, **particulars))


def _beyond(by, target, records):
    """Return the ids of those records that `by` may not even archive, so all the less delete."""
    if not issubclass(target.model, Record):
        return set()
    people = by.people_in(target.model.entity, Action.ARCHIVE)
    return set() if people is None else {record.pk for record in records if record.owner_id not in people}


def _touched(target, pks):
    """Return the ids of those records to which anything happened since they were made."""
    found = set()
    if target.model in TRACKED:
        found |= _ids(changes_model(target.model), "pgh_obj", pks)
    if issubclass(target.model, Record):
        found |= set(
            target.model._base_manager.filter(pk__in=pks).exclude(version=1).values_list("pk", flat=True)
        )
    return found | set(_later_events(target.model, pks).values_list("object_id", flat=True))


def _later_events(model, pks):
    """The events of the records but that they were made by an import."""
    kind = ContentType.objects.get_for_model(model)
    return Event.objects.filter(content_type=kind, object_id__in=pks).exclude(
        kind=RecordMade.kind, particulars__imported=True
    )


def _used(target, pks):
    """Return {id: how often} of those records at which something points that does not go with them.

    What other records have pointed at in the past is history, which tells that it is gone.
    """
    counts: dict[int, int] = {}
    for relation in target.model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and relation.related_model):
            continue
        pointing_model = relation.related_model
        if pointing_model in target.goes_along or is_history(pointing_model):
            continue
        if not pointing_model._meta.concrete_model._meta.managed:  # a view of all histories
            continue
        field = relation.field
        rows = pointing_model._base_manager.filter(**{f"{field.attname}__in": pks})
        if pointing_model is target.model:
            rows = rows.exclude(pk__in=pks)
        pointing = rows.order_by().values_list(field.attname).annotate(how_often=Count("*"))
        for pk, count in pointing:
            counts[pk] = counts.get(pk, 0) + count
    if target.model is Entry:
        for pk in _held_by_own_fields(pks):
            counts[pk] = counts.get(pk, 0) + 1
    return counts


def _held_by_own_fields(pks):
    """Return those of the entries `pks` that own fields hold, of any model: no foreign key guards them."""
    held = set()
    for custom in CustomField.objects.filter(choices_from__entries__in=pks).distinct():
        value = OwnValue(custom.code)
        rows = model_of(custom.entity).objects.for_system("what points at an entry that an import made")
        held |= set(rows.filter(custom__has_key=custom.code).values_list(value, flat=True))
    return held & set(pks)


def _ids(model: type[models.Model], name, pks):
    return set(model._base_manager.filter(**{f"{name}__in": pks}).values_list(f"{name}_id", flat=True))


def _last_told(model, pks):
    """Return {id: {who, at}} of the last thing that happened to each of the records."""
    events = (
        _later_events(model, pks)
        .order_by("object_id", "-at", "-pk")
        .distinct("object_id")
        .select_related("actor")
    )
    return {
        event.object_id: {"who": event.actor.full_name if event.actor else "", "at": event.at.isoformat()}
        for event in events
    }


# What it changed


def _to_put_back(target, changed, operation):
    """Return {id: record} of what is still there; all that their doors hold is held before any is locked."""
    records = target.model._base_manager.in_bulk([change.row.object_id for change in changed])
    if issubclass(target.model, Record):
        history = changes_model(target.model).objects
        hold_all(
            [*records.values(), *history.filter(pgh_obj__in=list(records), pgh_context=operation.context)]
        )
    return records


def _put_back(record, change, operation, undone, *, by):
    """Take back what the import changed in a record that was here, by the record's own doors."""
    row = change.row
    try:
        if not isinstance(record, Record):
            raise Refusal
        undo_changes(record, operation.context, by=by)
    except NOT_PUT_BACK as refusal:
        undone.kept.append(kept_by(refusal, operation, record))
        return
    # so that the same file, brought in again, changes it again
    row.values, row.digest = {**row.values, **change.replaced}, ""
    row.save(update_fields=["values", "digest"])
    undone.counts["restored"] += 1
