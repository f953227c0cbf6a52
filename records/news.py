"""What others have done to a record since its card was shown (TRUST U20).

A card knows the last event that it shows. Whoever changes a record locks it first, so the events of one
record are committed in the order of their ids, and none is missed by asking for what is beyond an id.
"""

from dataclasses import dataclass

from .models.event import Event
from .timeline import TimelineEntry, entries_of

MOST = 3  # told one by one; a card that is looked at again tells the rest


@dataclass(frozen=True)
class News:
    """What happened, the latest first: at most MOST entries, and how many there are beside them."""

    entries: list[TimelineEntry]
    more: int
    last: int  # the id of the latest event


def news_of(record, user, *, since, told, describe):
    """Return the News that others than `user` made after the event with the id `since`.

    None if there is nothing after `told`, the event that was told last. One query, more if there is news.
    `describe` as for records.timeline.timeline_of.
    """
    events = list(
        Event.objects.on_timeline_of(record)
        .filter(pk__gt=since)
        .exclude(actor=user)
        .select_related("actor")
        .order_by("-pk")
    )
    if not events or events[0].pk <= told:
        return None
    return News(
        entries_of(events[:MOST], record, user, describe=describe), max(len(events) - MOST, 0), events[0].pk
    )
