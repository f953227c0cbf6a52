"""The history of one record by pages, newest first, and the record as it was at a moment."""

import datetime
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Right
from accounts.tracking import TRACKED
from records.models import Event, Operation
from records.timeline import title_of
from ui.paging import by_key

from .states import as_it_was, differing, fields_in_history, is_put_back, load, text_of

CHANGES_A_PAGE = 30


@dataclass(frozen=True)
class Change:
    """One change: its number, when, who (None: the house itself), [(label, before, after)].

    `operation` is the Operation it was a part of, `undoes` the one that it took back a part of,
    `is_undo` says that it took back a single change, `may_go_back` that it can be taken back itself: a
    next step can't, it follows from the tasks, nor what was changed again since. `request` is the id in
    the log of the site.
    """

    number: int
    at: datetime.datetime
    by: User | None
    rows: list[tuple[str, str, str]]
    operation: Operation | None
    undoes: Operation | None
    is_undo: bool
    may_go_back: bool
    request: str


@dataclass(frozen=True)
class HistoryPage:
    """A page of changes, the key of the next one ('' at the end), and how the record began (on the last)."""

    changes: list[Change]
    next_key: str
    made_by: User | None
    made_at: datetime.datetime | None

    @property
    def days(self):
        """Return [(title of a day, its changes)]."""
        by_day = groupby(self.changes, key=lambda change: timezone.localdate(change.at))
        return [(title_of(date), list(changes)) for date, changes in by_day]


def visible_record(name, pk, user) -> Any:
    """Return the tracked record that addresses call `name` and `pk`. Raises Http404 if `user` may not see it.

    Business records and entries as everywhere; what is set up in the administration (stages, people, roles)
    only for who configures: raises PermissionDenied.
    """
    model = next((model for model in TRACKED if model._meta.model_name == name), None)
    if model is None:
        raise Http404
    if hasattr(model, "described"):
        return get_object_or_404(model.objects.visible_to(user), pk=pk)
    if not user.has_right(Right.CONFIGURE):
        raise PermissionDenied(_("Your role does not allow this. Ask your administrator."))
    return get_object_or_404(model._default_manager.all(), pk=pk)


def history_of(record, *, after=None):
    """Return the page of the changes of `record` that follows the key `after`.

    Only for who may see the record. A change of nothing that people read (a counter) is left out. The
    number of queries does not depend on how many changes there are.
    """
    fields = fields_in_history(type(record), getattr(record, "directory", None))
    rows = by_key(
        record.changes.select_related("pgh_context"), order=("-pgh_id",), after=after, size=CHANGES_A_PAGE
    )
    newest = rows.rows[0] if rows.rows else None
    newer = record.changes.filter(pgh_id__gt=newest.pgh_id).order_by("pgh_id").first() if newest else None
    states = [as_it_was(newer) if newer else record, *map(as_it_was, rows)]
    load(states, fields)
    told = [(row.pgh_context.metadata if row.pgh_context else {}) for row in rows]
    people = User.objects.in_bulk({each.get("user") for each in told} - {None})
    named = {each.get(name) for each in told for name in ("operation", "undoes")} - {None}
    operations = Operation.objects.in_bulk(named) if named else {}
    changed = [differing(fields, before, now) for now, before in pairwise(states)]
    changes = [
        Change(
            number=row.pgh_id,
            at=row.pgh_created_at,
            by=people.get(each.get("user")),
            rows=[(field.label, text_of(field, before), text_of(field, now)) for field in of_change],
            operation=operations.get(each.get("operation")),
            undoes=operations.get(each.get("undoes")),
            is_undo="undoes_change" in each,
            may_go_back=_may_go_back(record, now, of_change),
            request=each.get("request", ""),
        )
        for row, each, (now, before), of_change in zip(rows, told, pairwise(states), changed, strict=True)
    ]
    is_last = not rows.next_key
    return HistoryPage(
        [change for change in changes if change.rows],
        rows.next_key,
        getattr(record, "created_by", None) if is_last else None,
        getattr(record, "created_at", None) if is_last else None,
    )


def _may_go_back(record, after, changed):
    fields = [field for field in changed if is_put_back(field, type(record))]
    return bool(fields) and not differing(fields, after, record)


def record_as_of(record, moment):
    """Return [(label, text)] of all fields of `record` as they were at `moment`; None if it was not here.

    What came with a file was here from its import on, whatever past the file told.
    """
    begun = Event.objects.of(record).filter(kind="record_made").values_list("at", flat=True).first()
    begun = begun or getattr(record, "created_at", None)
    if begun is not None and moment < begun:
        return None
    change = record.changes.filter(pgh_created_at__gt=moment).order_by("pgh_id").first()
    state = as_it_was(change) if change else record
    fields = fields_in_history(type(record), getattr(record, "directory", None))
    load([state], fields)
    return [(field.label, text_of(field, state)) for field in fields]
