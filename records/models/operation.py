"""Work on many records as one: a bulk change, an import. It can be taken back as a whole."""

import uuid
from contextlib import contextmanager

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from procrastinate.contrib.django import app

from accounts.rights import Right

from ..operations import OperationKind
from ..refusals import AlreadyUndone, NotAllowed, StillRunning

MOST_AT_ONCE = 500  # so many records are taken back within a request; more by a job (DESIGN §5)


class OperationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and everybody's for those who configure."""
        if not user.is_authenticated:
            return self.none()
        return self if user.has_right(Right.CONFIGURE) else self.filter(by=user)

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

    @property
    def may_be_undone(self):
        return self.state == self.State.DONE

    @contextmanager
    def in_history(self):
        """Let the change history know that what the block writes belongs to this operation."""
        with pghistory.context(user=self.by_id, operation=self.pk) as context:
            if context.id != self.context:
                self.context = context.id
                self.save(update_fields=["context"])
            yield

    def finish(self, **counts):
        """Say that all is done, and to how many records what."""
        self.state, self.counts = self.State.DONE, counts
        self.save(update_fields=["state", "counts"])

    # Doors

    @transaction.atomic
    def undo(self, *, by):
        """Take the operation back, as `by`: what was changed since is kept, and named by KeptRecords.

        At once, or from MOST_AT_ONCE records on by a job. Raises NotAllowed (it is somebody else's, or
        the role does not let `by` do such a thing), StillRunning, AlreadyUndone. Returns the operation
        as it is now: `undone`, or `undoing`.
        """
        operation = self._locked()
        if operation.by_id != by.pk and not by.has_right(Right.CONFIGURE):
            raise NotAllowed
        operation.told.check_undo(operation, by=by)
        if operation.state == self.State.RUNNING:
            raise StillRunning
        if operation.state != self.State.DONE:
            raise AlreadyUndone(operation)
        operation.state, operation.undone_by = self.State.UNDOING, by
        operation.save(update_fields=["state", "undone_by"])
        if operation.told.size(operation) > MOST_AT_ONCE:
            app.configure_task("records.finish_undo", lock=f"operation_{self.pk}").defer(pk=self.pk)
            return operation
        return operation.finish_undo()

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
        KeptRecord.objects.bulk_create(batch.kept)
        counted = {**batch.counts, "kept": len(batch.kept)}
        for name, count in counted.items():
            operation.undo_counts[name] = operation.undo_counts.get(name, 0) + count
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
    name = models.CharField(max_length=300)
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
