"""Rows that are retired, or merged into another of their kind: at once, or by a job if much holds them."""

from typing import ClassVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from accounts.models import Company, User
from records.bulk import check_at_once, tell_history

from .refusals import BeingMerged

# So many records are changed within a request (DESIGN §5: bulk work of up to 500 is one transaction at
# once); a page that changes more might be cut off by the watchdog, which gives it 9 s.
MOST_AT_ONCE = 500


class Mergeable(models.Model):
    """A row that goes in one of two ways: retired, or merged into another one that takes what holds it.

    What many records hold is merged by a job, one transaction as well: until it is done the row
    `is_merging`, keeps what holds it and takes nothing new. Who lets something point at a row holds it
    FOR SHARE before he locks the record; the doors here lock it FOR NO KEY UPDATE, which waits for him
    and not for foreign keys. A subclass says what holds it and how that goes over.
    """

    finish_task: ClassVar[str]  # the job that calls `finish_merge`

    follows = ("merging_since",)  # what a history leaves out

    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    merging_since = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_retired(self):
        return self.retired_at is not None

    @property
    def is_merging(self):
        return self.merging_since is not None

    # What a subclass says

    def check_can_go(self):
        """Refuse to let this row go at all, whatever takes what holds it, by a Refusal of its room."""

    def check_merge(self, target):
        """Refuse to merge this held row into the held `target`, by a Refusal of its room."""
        raise NotImplementedError

    def is_held_by_more_than(self, count):
        raise NotImplementedError

    def give_all_to(self, target, *, by):
        """Make all that holds this row hold `target`, set-based, in the running transaction."""
        raise NotImplementedError

    # Doors

    @transaction.atomic
    def merge_into(self, target, *, by):
        """Make all that holds this row hold `target`, as the admin `by`, and retire this one.

        All or nothing: at once, or from MOST_AT_ONCE on by a job. Raises what check_merge does,
        BeingMerged. Returns the row as it is now: `is_retired`, or `is_merging`.
        """
        self.check_not_merging()
        row, target = self._locked_with(target)
        row.check_not_merging()
        target.check_not_merging()
        row.check_merge(target)
        row.merged_into = target
        if row.is_held_by_more_than(MOST_AT_ONCE):
            row.merging_since = timezone.now()
            row.save(update_fields=["merged_into", "merging_since"])
            job = app.configure_task(self.finish_task, lock=f"{self.finish_task}_{row.pk}")
            job.defer(pk=row.pk, by=by.pk)
        else:
            row._end_merge(by=by)
        return row

    @transaction.atomic
    def finish_merge(self, *, by):
        """Do what `merge_into` left to a job, as the admin `by`. Safe to run again: done is done."""
        row = type(self).objects.get(pk=self.pk)
        if row.is_merging:
            row, _target = row._locked_with(row.merged_into)
        if row.is_merging:
            row._end_merge(by=by)
        return row

    @transaction.atomic
    def stop_merge(self, *, by):
        """Let the row be as it was before its merge, as the admin `by`.

        Raises BeingMerged while the job is at it.
        """
        free = type(self).objects.select_for_update(no_key=True, skip_locked=True)
        row = free.filter(pk=self.pk, merging_since__isnull=False).first()
        if row is None:
            raise BeingMerged(self)
        row.merged_into = row.merging_since = None
        row.save(update_fields=["merged_into", "merging_since"])
        return row

    def _end_merge(self, *, by):
        tell_history(f"merge {self.finish_task} {self.pk} {timezone.now()}", user=by.pk, merged=str(self))
        check_at_once()
        self.give_all_to(self.merged_into, by=by)
        self.retired_at, self.merging_since = self.retired_at or timezone.now(), None
        self.save(update_fields=["merged_into", "retired_at", "merging_since"])

    # For these and other doors

    def alone(self):
        """Return this row as it is, locked against those who hold it. Raises BeingMerged."""
        self.check_not_merging()  # as it was read: who is told so needs not wait for the job
        row = type(self).objects.select_for_update(no_key=True).get(pk=self.pk)
        row.check_not_merging()
        return row

    def check_not_merging(self):
        """Refuse what can't be while this row, or another into it, is being merged: raises BeingMerged."""
        rows = type(self).objects.filter(merging_since__isnull=False)
        merging = rows.filter(models.Q(pk=self.pk) | models.Q(merged_into=self.pk)).first()
        if merging:
            raise BeingMerged(merging)

    def _locked_with(self, target):
        """Return this row, locked as by `alone`, and `target`, held as by who points at it; by id."""
        rows = type(self).objects
        locked = {}
        for pk in sorted({self.pk, target.pk}):
            alone = rows.select_for_update(no_key=True)
            locked[pk] = alone.get(pk=pk) if pk == self.pk else rows.held(pk)[pk]
        row = locked[self.pk]
        return row, locked[target.pk]


def finish_for(model, pk, *, by):
    """What the jobs of `merge_into` do: finish the merge of the row `pk`, for the person with the id `by`.

    In the company's time zone, as what is told counts days.
    """
    row = model.objects.filter(pk=pk).first()
    if row is not None:
        with timezone.override(Company.objects.current().zone):
            row.finish_merge(by=User.objects.get(pk=by))
