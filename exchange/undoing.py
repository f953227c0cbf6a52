"""An import taken back: what it made and nobody has touched since is gone, what it changed is put back.

docs/decisions/0030 says what is kept, and why what only the import has made may be deleted.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Q

from accounts.tracking import TRACKED, changes_model, is_history
from directories.expressions import OwnValue
from directories.history import undo_changes
from directories.many import kept_by
from directories.models import CustomField, Entry
from directories.registry import model_of
from records.bulk import check_at_once
from records.events import RecordMade
from records.models import Event, KeptRecord, Record
from records.operations import Undone
from ui.answers import Refusal

from .locks import wait_for_import_of
from .models import ImportedRow
from .targets import TARGETS

UNDO_ROWS = 1000  # a transaction each, as the import has them
Reason = KeptRecord.Reason


def undo_batch(run, operation, *, by):
    """Take back the next rows of `run`, the last ones first: what was made later may point at the earlier.

    In the running transaction; returns Undone. What another row of the import points at goes before it.
    """
    wait_for_import_of(run.source)
    rows = ImportedRow.objects.filter(Q(run=run) | Q(made_in=run), target=run.target)
    if operation.position is not None:
        rows = rows.filter(pk__lt=operation.position)
    some = list(rows.order_by("-pk")[:UNDO_ROWS])
    undone = Undone(position=some[-1].pk if some else operation.position, is_last=len(some) < UNDO_ROWS)
    target = TARGETS[operation.entity]
    made = {row.object_id: row for row in some if row.made_in_id == run.pk}
    _unmake(target, made, operation, undone)
    for row in some:
        if row.made_in_id != run.pk and row.replaced:
            _put_back(target, row, operation, undone, by=by)
    return undone


# What it made


def _unmake(target, made, operation, undone):
    check_at_once()
    locked = target.model._base_manager.select_for_update().filter(pk__in=made)
    there = {record.pk: record for record in locked.order_by("pk")}
    touched = _touched(target, list(there))
    free = there.keys() - touched
    used: dict[int, int] = {}
    while found := _used(target, free):
        used |= found
        free -= found.keys()
    target.unmake(free)
    gone = (free | (made.keys() - there.keys())) & made.keys()
    ImportedRow.objects.filter(pk__in=[made[pk].pk for pk in gone])._raw_delete("default")
    undone.counts["gone"] = len(free)
    told = _last_told(target.model, touched)
    for pk in there.keys() - free:
        reason = Reason.CHANGED if pk in touched else Reason.USED
        particulars = told.get(pk, {}) if pk in touched else {"count": used[pk]}
        undone.kept.append(KeptRecord.of(operation, there[pk], reason, **particulars))


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
        if relation.related_model in target.goes_along or is_history(relation.related_model):
            continue
        field = relation.field
        rows = relation.related_model._base_manager.filter(**{f"{field.attname}__in": pks})
        if relation.related_model is target.model:
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


def _put_back(target, row, operation, undone, *, by):
    """Take back what the import changed in a record that was here, by the record's own doors."""
    record = target.model._base_manager.filter(pk=row.object_id).first()
    if record is None:
        return
    try:
        if not issubclass(target.model, Record):
            raise Refusal
        undo_changes(record, operation.context, by=by)
    except Refusal as refusal:
        undone.kept.append(kept_by(refusal, operation, record))
        return
    # so that the same file, brought in again, changes it again
    row.values, row.digest, row.replaced = {**row.values, **row.replaced}, "", {}
    row.save(update_fields=["values", "digest", "replaced"])
    undone.counts["restored"] = undone.counts.get("restored", 0) + 1
