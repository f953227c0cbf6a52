"""Work on many records as one: a bulk change, an import. It can be taken back as a whole."""

import datetime
import uuid
from collections import Counter
from contextlib import contextmanager, suppress

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from accounts.rights import Action, Right, Scope
from ui.formats import moment, num

from ..bulk import end_history
from ..operations import OperationKind, counted
from ..refusals import AlreadyUndone, NotAllowed, StillRunning

NAME_LETTERS = 300
MOST_AT_ONCE = 500  # so many records are taken back within a request; more by a job (DESIGN §5)


class OperationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those of the people whose work the person sees on dashboards."""
        if not user.is_authenticated:
            return self.none()
        people = user.people_in_funnel()
        return self if people is None else self.filter(by__in={user.pk, *people})

    def newest_first(self):
        return self.order_by("-pk")


class Operation(models.Model):
    """What was done to many records, by whom, and whether it was taken back.

    `kind` names its OperationKind, which says what it did and how a part of it is taken back.
    `context` is the change history's: its rows of this operation have it. `object_ids` are the records
    that were changed one by one, `counts` what was done to how many. `position` is how far the undo has
    come, `undo_counts` what it did; what it kept, KeptRecords name.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", pgettext_lazy("an operation", "done")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    kind = models.CharField(_("what"), max_length=40)
    entity = models.CharField(_("records"), max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        related_name="operations",
        db_index=False,
    )
    at = models.DateTimeField(_("when"), db_default=Now())
    context = models.UUIDField(default=uuid.uuid4)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RUNNING)
    particulars = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    object_ids = ArrayField(models.BigIntegerField(), default=list)
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    position = models.BigIntegerField(null=True)
    undo_counts = models.JSONField(default=dict)

    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        constraints = [
            models.CheckConstraint(
                name="operation_says_who_undid_it_and_when",
                condition=Q(state__in=["running", "done"], undone_at=None, undone_by=None)
                | Q(state="undoing", undone_at=None, undone_by__isnull=False)
                | Q(state="undone", undone_at__isnull=False, undone_by__isnull=False),
            )
        ]
        indexes = [
            # one's own operations
            models.Index(name="operation_of_person", fields=["by", "-id"])
        ]

    def __str__(self):
        return str(self.sentence)

    @property
    def told(self):
        """The OperationKind that knows what this operation is."""
        return OperationKind.kinds[self.kind]

    @property
    def sentence(self):
        return self.told.sentence(self)

    @cached_property
    def labels(self):
        """{name: label} of the fields of its records, in the reader's language."""
        return self.told.labels(self)

    @property
    def did(self):
        """What it did to how many records, in words."""
        return counted(self.counts)

    @property
    def undid(self):
        """What its undo did to how many records by now, in words."""
        return counted(self.undo_counts)

    def may_be_undone_by(self, user):
        """Say whether a page offers `user` to take it back; the door asks again."""
        may_begin = self.state == self.State.DONE or (
            self.state == self.State.RUNNING and self.told.may_be_cut_off
        )
        return may_begin and self._is_for(user)

    def _is_for(self, user):
        """It is taken back once, so by whose it is, or who may change all such records, or configures."""
        changes_all = user.role.scope(self.entity, Action.CHANGE) == Scope.ALL
        is_theirs = self.by_id == user.pk or changes_all or user.has_right(Right.CONFIGURE)
        return is_theirs and self.told.may_be_undone_by(self, user)

    def undo_may_go_on_by(self, user):
        """Say whether a page offers `user` to go on with an undo whose job failed; the door asks again."""
        return (
            self.state == self.State.UNDOING
            and self._is_for(user)
            and not ProcrastinateJob.objects.filter(lock=self._lock, status__in=["todo", "doing"]).exists()
        )

    @property
    def _lock(self):
        """What the jobs of its undo are one at a time under."""
        return f"operation_{self.pk}"

    @contextmanager
    def in_history(self):
        """Let the change history know that what the block writes belongs to this operation."""
        with pghistory.context(user=self.by_id, operation=self.pk) as context:
            if context.id != self.context:
                self.context = context.id
                self.save(update_fields=["context"])
            yield
        end_history()

    def finish(self, **counts):
        """Say that all is done, and to how many records what."""
        self.state, self.counts = self.State.DONE, counts
        self.save(update_fields=["state", "counts"])

    # Doors

    @transaction.atomic
    def undo(self, *, by):
        """Take the operation back, as `by`: what was changed since is kept, and named by KeptRecords.

        At once, or from MOST_AT_ONCE records on by a job; what was cut off is ended first, and an undo
        that is not done is gone on with, for whom it was begun. Raises NotAllowed (it is somebody else's, or
        his role does not let him do such a thing), StillRunning, AlreadyUndone. Returns the operation
        as it is now: `undone`, or `undoing`.
        """
        operation = self._locked()
        if not operation._is_for(by):
            raise NotAllowed
        if operation.state == self.State.RUNNING:
            operation.told.end_if_cut_off(operation)
        if operation.state == self.State.RUNNING:
            raise StillRunning
        if operation.state == self.State.UNDOING:
            operation._defer_undo()
            return operation
        if operation.state != self.State.DONE:
            raise AlreadyUndone(operation)
        operation.state, operation.undone_by = self.State.UNDOING, by
        operation.save(update_fields=["state", "undone_by"])
        if operation.told.size(operation) > MOST_AT_ONCE:
            operation._defer_undo()
            return operation
        return operation.finish_undo()

    def _defer_undo(self):
        """Leave what is left of the undo to a job, if none waits already."""
        job = app.configure_task("records.finish_undo", lock=self._lock, queueing_lock=self._lock)
        with suppress(AlreadyEnqueued), transaction.atomic():
            job.defer(pk=self.pk)

    def finish_undo(self):
        """Take back what is left of an operation that is being undone. Safe to run again.

        A batch is one transaction with the position it has come to, so a run that was cut off goes on
        where it was. Returns the operation as it is now.
        """
        operation = self
        while operation.state == self.State.UNDOING:
            operation = operation._undo_some()
        return operation

    @transaction.atomic
    def _undo_some(self):
        operation = self._locked()
        if operation.state != self.State.UNDOING:
            return operation
        with pghistory.context(user=operation.undone_by_id, undoes=operation.pk):
            batch = operation.told.undo_some(operation, by=operation.undone_by)
        end_history()
        KeptRecord.objects.bulk_create(batch.kept)
        counts = Counter(operation.undo_counts)
        counts.update(batch.counts, kept=len(batch.kept))
        operation.undo_counts = dict(counts)
        operation.position = batch.position
        if batch.is_last:
            operation.state, operation.undone_at = self.State.UNDONE, timezone.now()
        operation.save(update_fields=["undo_counts", "position", "state", "undone_at"])
        return operation

    def _locked(self):
        people = ("by__role", "undone_by__role", "undone_by__team")
        return (
            Operation.objects.select_for_update(no_key=True, of=("self",))
            .select_related(*people)
            .get(pk=self.pk)
        )


class KeptRecord(models.Model):
    """A record that an undo left as it was, its name of then, and why: `reason` and its particulars."""

    class Reason(models.TextChoices):
        CHANGED = "changed", _("changed since")
        USED = "used", _("other records point at it")
        REFUSED = "refused", _("it could not be changed back")

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="kept", db_index=False)
    entity = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    name = models.CharField(max_length=NAME_LETTERS)
    reason = models.CharField(max_length=10, choices=Reason)
    particulars = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("kept record")
        verbose_name_plural = _("kept records")
        indexes = [
            # what an undo kept, in its order
            models.Index(name="kept_of_operation", fields=["operation", "id"])
        ]

    def __str__(self):
        return self.name

    @classmethod
    def of(cls, operation, record, reason, **particulars):
        """Return the unsaved row that names `record`, which the undo of `operation` keeps."""
        return cls(
            operation=operation,
            entity=operation.entity,
            object_id=record.pk,
            name=str(record)[:NAME_LETTERS],
            reason=reason,
            particulars=particulars,
        )

    @property
    def why(self):
        """Say in the reader's language why it was kept."""
        told = {"who": "", **self.particulars}
        if told.get("field"):
            told["field"] = self.operation.labels.get(told["field"], told["field"])
        if self.reason == self.Reason.USED:
            return ngettext(
                "%(count)s other row points at it", "%(count)s other rows point at it", told["count"]
            ) % {"count": num(told["count"])}
        if self.reason == self.Reason.REFUSED:
            if told.get("not_allowed_to"):
                return _("the role of %(not_allowed_to)s does not allow it") % told
            return told.get("why") or self.get_reason_display()
        if told.get("field") and told["who"]:
            return _("%(who)s has changed “%(field)s” since") % told
        if told["who"] and told.get("at"):
            when = moment(datetime.datetime.fromisoformat(told["at"]))
            return _("changed since: %(who)s, %(when)s") % {"who": told["who"], "when": when}
        return self.get_reason_display()
