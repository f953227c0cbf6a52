"""Activities: who sees them, which are open, how they are made."""

from django.db import models, transaction
from django.db.models import FETCH_RAISE, F, Q
from django.utils import timezone

from records.events import tell
from records.models import FormToken

from .events import NoteWritten, TaskPlanned


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the record sees what was done on it.

        The condition joins the record's table: for the activities of records already found, not for
        long lists (FACTS 7).
        """
        if not user.is_authenticated:
            return self.none()
        seen = Q()
        for subject in ("deal", "contact", "organization"):
            people = user.people_in(subject, "view")
            here = Q(**{f"{subject}__isnull": False})
            seen |= here if people is None else here & Q(**{f"{subject}__owner_id__in": people})
        return self.filter(seen)

    def for_system(self, why):
        """The unscoped beginning: work that no person asked for, and why."""
        if not why:
            raise ValueError("Say why no person asks.")
        return self

    def open(self):
        return self.filter(kind=self.model.Kind.TASK, done_at=None)

    def next_step(self):
        """Return the nearest open activity with a due moment, or None."""
        return self.open().filter(due_at__isnull=False).order_by("due_at", "pk").first()

    def nearest_first(self):
        """In the order in which they are due; those without a date come last."""
        return self.order_by(F("due_at").asc(nulls_last=True), "pk")

    def for_timeline(self):
        """With what a timeline shows, newest first; who did it is told by its event."""
        return self.fetch_mode(FETCH_RAISE).order_by("-created_at", "-pk")

    @transaction.atomic
    def note(self, subject, text, *, by, token=None):
        """Write a note on `subject` (a deal, contact or organization), as `by`. Tells NoteWritten."""
        return self._add(
            subject, NoteWritten, by=by, token=token, kind="note", text=text, done_at=timezone.now()
        )

    @transaction.atomic
    def plan(self, subject, title, *, by, due_at=None, is_all_day=False, owner=None, token=None):
        """Plan a task on `subject` for `owner` (default `by`), as `by`. Tells TaskPlanned.

        `due_at` is a moment; with `is_all_day` the last second of the day meant. The deal's next
        step follows.
        """
        return self._add(
            subject,
            TaskPlanned,
            by=by,
            token=token,
            kind="task",
            title=title,
            due_at=due_at,
            is_all_day=is_all_day,
            owner=owner or by,
        )

    def _add(self, subject, happening, *, by, token, **values):
        spent = FormToken.objects.spend(token, by=by) if token else None
        subject = subject.locked_for(by)
        values.setdefault("owner", by)
        activity = self.create(**{subject._meta.model_name: subject}, created_by=by, **values)
        if spent:
            spent.made(activity)
        tell(happening(subject, by=by, activity=activity.pk, title=activity.title))
        if activity.deal_id:
            subject.refresh_next_step()
        return activity
