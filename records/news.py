"""What others have done to a record since its card was shown (TRUST U20).

A card knows the last event that it shows. Whoever changes a record locks it first, so the events of one
record are committed in the order of their ids, and none is missed by asking for what is beyond an id.
"""

from dataclasses import dataclass

from ui.paging import Count

from .models.event import Event
from .timeline import TimelineEntry, entries_of

MOST = 3  # told one by one; a card that is looked at again tells the rest
MOST_COUNTED = 100  # more than so many is "97+": a card of last year asks for no whole timeline


@dataclass(frozen=True)
class News:
    """What happened, the latest first: at most MOST entries, and how many there are beside them, capped."""

    entries: list[TimelineEntry]
    more: Count
    last: int  # the id of the latest event


def news_of(record, user, *, since, told, describe):
    """Return the News that others than `user` made after the event with the id `since`.

    None if there is nothing after `told`, the event that was told last. One query, more if there is news.
    `describe` as for records.timeline.timeline_of.
    """
    newer = (
        Event.objects.on_timeline_of(record)
        .filter(pk__gt=since)
        .exclude(actor=user)
        .select_related("actor")
        .order_by("-pk")
    )
    events = list(newer[: MOST_COUNTED + 1])
    if not events or events[0].pk <= told:
        return None
    beside = min(len(events), MOST_COUNTED) - MOST
    more = Count(max(beside, 0), is_capped=len(events) > MOST_COUNTED)
    return News(entries_of(events[:MOST], record, user, describe=describe), more, events[0].pk)
