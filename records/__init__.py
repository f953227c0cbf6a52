"""What every business record has: a responsible, who sees it, versions, archive, history, events.

Lives here: Record (abstract), OwnedQuerySet with `visible_to`, Event and the Happenings written as
it, FormToken (one form makes one record).
Doors every record has: `change`, `assign_to`, `archive`, `restore`; `tell` writes an Event.
Refusals: Overtaken, NotAllowed, AlreadyMade.
"""
