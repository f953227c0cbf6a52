"""The history of one record, as its card shows it: by day, newest first, by key.

The Event stream gives the order; what a record knows from before its first event (`untold`) comes last.
An event that an activity told names it (`particulars.activity`); of activities this room knows only that
the record has them, scoped, and what a timeline takes.
"""

import datetime
import uuid
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ui.formats import is_russian
from ui.paging import by_key

from .events import Happening
from .models.event import Event

ENTRIES_A_PAGE = 30
MOST_TASKS = 20  # a card with more open tasks than this shows the nearest


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened: its event, its words, and what it changed or which activity it is about."""

    event: Event
    sentence: str
    icon: str
    changes: list
    activity: Any = None

    @property
    def kind(self):
        return self.event.kind


def title_of(date):
    """Сегодня, 12 октября; 9 октября, пятница."""
    today = timezone.localdate()
    day = date_format(date, pgettext("format of a day", "j F"))
    if date == today:
        return _("Today, %(day)s") % {"day": day}
    if date.year != today.year:
        return f"{day} {date.year}"
    weekday = date_format(date, "l")
    return _("%(day)s, %(weekday)s") % {
        "day": day,
        "weekday": weekday.lower() if is_russian() else weekday,
    }


@dataclass(frozen=True)
class TimelineDay:
    """A day in the reader's zone with what happened on it."""

    date: datetime.date
    entries: list[TimelineEntry]

    @property
    def title(self):
        return title_of(self.date)


@dataclass(frozen=True)
class Timeline:
    """One page of a record's history, and the key that the next page begins after ('' at the end)."""

    days: list[TimelineDay]
    next_key: str
    last: int = 0  # on the first page: the id of the latest event

    def __bool__(self):
        return bool(self.days)


def flow_of(record, user, *, describe, after=None):
    """Return all that `activities/parts.html#flow` takes on the card of `record`, read by `user`.

    That is subject, may_change, tasks (open ones, nearest first), timeline, tab and token. Five queries at
    most. `describe` as for timeline_of: `partial(describe_all, fields=fields, record=record)`.
    """
    return {
        "subject": record,
        "may_change": record.may_be_changed_by(user),
        "tasks": list(record.activities.visible_to(user).open().nearest_first()[:MOST_TASKS]),
        "timeline": timeline_of(record, user, describe=describe, after=after),
        "tab": "note",
        "token": uuid.uuid4(),
    }


def timeline_of(record, user, *, describe, after=None):
    """Return the page of the history of `record` that follows the key `after`, for its reader `user`.

    `describe(events)` says what they changed, by their ids (`directories.fields.describe_all`). Four
    queries at most.
    """
    page = by_key(
        Event.objects.on_timeline_of(record).select_related("actor"),
        order=("-at", "-id"),
        after=after,
        size=ENTRIES_A_PAGE,
    )
    events = [*page, *_before(page, record)]
    entries = entries_of(events, record, user, describe=describe)
    return Timeline(
        [
            TimelineDay(date, list(of_day))
            for date, of_day in groupby(entries, key=lambda entry: timezone.localdate(entry.event.at))
        ],
        page.next_key,
        0 if after else max((event.pk for event in page), default=0),
    )


def entries_of(events, record, user, *, describe):
    """Return the entries that tell `user` of `events` of `record`; two queries at most."""
    told = {event.particulars["activity"] for event in events if "activity" in event.particulars}
    activities = record.activities.visible_to(user).for_timeline().in_bulk(told) if told else {}
    changes = describe([event for event in events if Happening.kinds[event.kind].shows_changes])
    return [_entry(event, changes, activities) for event in events]


def _before(page, record):
    """What was before the first event: below it, if this is the last page of what came with a file."""
    first = page.rows[-1] if page.rows and not page.next_key else None
    return record.untold(before=first.at) if first and first.particulars.get("imported") else []


def _entry(event, changes, activities):
    happening = Happening.kinds[event.kind]
    return TimelineEntry(
        event=event,
        sentence=happening.sentence(event),
        icon=happening.icon,
        changes=changes.get(event.pk, []),
        activity=activities.get(event.particulars.get("activity")),
    )
