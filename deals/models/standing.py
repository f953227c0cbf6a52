"""How a deal stands by the clock: open, due, overdue, idle."""

from datetime import timedelta

from django.utils import timezone

LAST_SECOND = 59


class Standing:
    """What a deal says of itself today, from its own row and its stage; no query, no writing."""

    @property
    def is_open(self):
        return self.closed_at is None

    @property
    def needs_next_step(self):
        """Say whether something should be planned for it: an open deal that is here."""
        return self.is_open and not self.is_archived

    @property
    def next_step_due(self):
        """When the next step is due, as people say it: a moment, or a day if it lasts all day.

        What lasts all day is due at the last second of its day (`activities`), other times have none.
        """
        at = self.next_step_at and timezone.localtime(self.next_step_at)
        return at.date() if at and at.second == LAST_SECOND else at

    @property
    def overdue_days(self):
        """Whole days since the next step was due."""
        return (timezone.now() - self.next_step_at).days if self.is_overdue else 0

    @property
    def is_due_today(self):
        return bool(self.next_step_at and timezone.localdate(self.next_step_at) == timezone.localdate())

    @property
    def days_in_stage(self):
        """How many days ago in the reader's zone it entered its stage; None if its entry is not known."""
        if self.stage_since is None:
            return None
        return (timezone.localdate() - timezone.localdate(self.stage_since)).days

    @property
    def is_overdue(self):
        return bool(self.is_open and self.next_step_at and self.next_step_at < timezone.now())

    @property
    def is_idle(self):
        """Say whether the deal stands longer than its stage allows, with no step in the future.

        Full days of 24 hours, as `querysets.deal.IS_IDLE` counts them: the same for readers of all zones.
        """
        if not self.is_open or self.stage.idle_days is None or self.stage_since is None:
            return False
        now = timezone.now()
        planned = self.next_step_at and self.next_step_at >= now
        return now - self.stage_since > timedelta(days=self.stage.idle_days) and not planned
