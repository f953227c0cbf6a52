"""What happened, told by small classes of the rooms and written as Event rows.

A Happening is written in the transaction of what it tells. Timeline, the owner's day and
notifications read this one stream.
"""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .bulk import copy_in
from .models.event import Event

MANY = 200  # from so many on COPY is quicker than INSERT


class Happening:
    """Something that happened to a record. A room subclasses it and gives it a stable `kind`."""

    kind: ClassVar[str]
    icon: ClassVar[str] = "pencil"
    shows_changes: ClassVar[bool] = False  # whether a timeline lists the changed fields beside the sentence
    kinds: ClassVar[dict[str, type["Happening"]]] = {}

    def __init_subclass__(cls):
        if cls.kind in Happening.kinds:
            raise ValueError(f"Two happenings are called {cls.kind}.")
        Happening.kinds[cls.kind] = cls

    def __init__(self, record, *, by, at=None, **particulars):
        self.record, self.by, self.at, self.particulars = record, by, at, particulars

    @property
    def deal_id(self):
        """The deal on whose timeline this stands, or None."""
        return self.record.timeline_deal_id

    @classmethod
    def sentence(cls, event):
        """Say in the reader's language what `event` tells, without who and when."""
        raise NotImplementedError


def tell(*happenings):
    """Write the happenings as Event rows, in the running transaction."""
    events = [
        Event(
            kind=told.kind,
            actor=told.by,
            record=told.record,
            deal_id=told.deal_id,
            particulars=told.particulars,
            **({"at": told.at} if told.at else {}),
        )
        for told in happenings
    ]
    alike = len({told.at is None for told in happenings}) == 1
    return copy_in(events) if alike and len(events) >= MANY else Event.objects.bulk_create(events)


class RecordMade(Happening):
    """`imported` is true if it came with a file, and perhaps with a past (`Record.untold`)."""

    kind = "record_made"
    icon = "plus"

    @classmethod
    def sentence(cls, event):
        return _("creates the record")


class RecordChanged(Happening):
    """`changes`: field name → [value before, value after], as texts of that moment."""

    kind = "record_changed"
    shows_changes = True

    @classmethod
    def sentence(cls, event):
        count = len(event.particulars.get("changes", {}))
        return ngettext("changes a field", "changes %(count)s fields", count) % {"count": count}


class RecordAssigned(Happening):
    """`before` and `after`: {id, name} of the responsible."""

    kind = "record_assigned"
    icon = "user"

    @classmethod
    def sentence(cls, event):
        return _("hands it over: %(before)s → %(after)s") % {
            "before": event.particulars["before"]["name"],
            "after": event.particulars["after"]["name"],
        }


class RecordArchived(Happening):
    kind = "record_archived"
    icon = "archive"

    @classmethod
    def sentence(cls, event):
        return _("moves it to the archive")


class RecordRestored(Happening):
    kind = "record_restored"
    icon = "arrow-back-up"

    @classmethod
    def sentence(cls, event):
        return _("restores it from the archive")
