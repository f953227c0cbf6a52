"""What was brought in: runs, the rows they took, and what is to be said of single rows."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.models import Operation

from .querysets import ImportedRowQuerySet, ImportRunQuerySet

SOURCE_LETTERS, MAPPING_NAME_LETTERS, EXTERNAL_ID_LETTERS = 100, 100, 200
COUNTED = ("made", "changed", "same", "kept", "refused")


def no_counts():
    return dict.fromkeys(COUNTED, 0)


class ImportRun(models.Model):
    """One file brought in through one mapping; it goes on at `position` if it was cut off.

    `counts`: each row read is one of made, changed, same, kept (it differs, but only where people
    have changed the record since), refused. `report`: `replaced` counts, column by column, what the
    mapping read differently from how it is written.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("running")  # or cut off: whether it runs, its source's lock knows
        FINISHED = "finished", _("finished")
        GIVEN_UP = "given_up", _("given up")

    source = models.CharField(_("source"), max_length=SOURCE_LETTERS)
    target = models.CharField(_("brings in"), max_length=100)
    file_name = models.CharField(_("file"), max_length=255)
    file_sha256 = models.CharField(max_length=64)
    mapping_name = models.CharField(_("mapping"), max_length=MAPPING_NAME_LETTERS)
    mapping_text = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RUNNING)
    position = models.PositiveIntegerField(_("rows read"), default=0)
    counts = models.JSONField(_("counts"), default=no_counts)
    report = models.JSONField(_("report"), default=dict)
    operation = models.OneToOneField(
        Operation, null=True, on_delete=models.PROTECT, related_name="import_run", db_index=False
    )
    started_at = models.DateTimeField(_("started"), db_default=Now())
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                name="finished_import_has_its_moment",
                condition=Q(status="running", finished_at=None)
                | (~Q(status="running") & Q(finished_at__isnull=False)),
            ),
            # two imports of one source would overtake each other's rows
            models.UniqueConstraint(
                name="import_runs_once_a_source", fields=["source"], condition=Q(status="running")
            ),
        ]

    def __str__(self):
        return f"{self.file_name} ({self.mapping_name})"

    def finish(self):
        """Say that the whole file has been read."""
        self._end(self.Status.FINISHED)

    def give_up(self):
        """Say that a run that was cut off is not gone on with."""
        self._end(self.Status.GIVEN_UP)

    @transaction.atomic
    def _end(self, status):
        self.status, self.finished_at = status, timezone.now()
        self.save(update_fields=["status", "finished_at"])
        if self.operation:
            self.operation.finish(**{name: count for name, count in self.counts.items() if count})


class ImportedRow(models.Model):
    """A row of a source, for ever: which record it is, and what it said.

    `values` are what the row last said of the record's fields, as JSON. `digest` is of the cells that the
    mapping reads, and of the mapping. `run` is the last one that wrote something to the record, `made_in`
    the one that made it (None: not known, from before it was kept).
    """

    source = models.CharField(max_length=SOURCE_LETTERS)
    target = models.CharField(max_length=100)
    external_id = models.CharField(max_length=EXTERNAL_ID_LETTERS)
    object_id = models.BigIntegerField()
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="rows", db_index=False)
    made_in = models.ForeignKey(
        ImportRun, null=True, on_delete=models.PROTECT, related_name="rows_made", db_index=False
    )
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=32)
    cells = models.JSONField()
    values = models.JSONField()

    objects = ImportedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [
            models.UniqueConstraint(
                name="external_id_is_one_record", fields=["source", "target", "external_id"]
            )
        ]
        indexes = [
            # what a run has made, which its undo takes back the last first
            models.Index(name="imported_row_made_in", fields=["made_in", "id"])
        ]

    def __str__(self):
        return f"{self.target} {self.external_id}"


class ImportedChange(models.Model):
    """What a run changed in a record that was here: `replaced` is what stood in its fields before, as JSON.

    Of each run that changed the record, so that any of them can be undone, not only the last.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="changes", db_index=False)
    row = models.ForeignKey(ImportedRow, on_delete=models.CASCADE, related_name="changes")
    replaced = models.JSONField()

    class Meta:
        verbose_name = _("change by an import")
        verbose_name_plural = _("changes by an import")
        constraints = [
            # and what a run has changed, which its undo takes back the last first
            models.UniqueConstraint(name="import_changes_a_row_once", fields=["run", "row"])
        ]

    def __str__(self):
        return f"{self.run_id}: {self.row_id}"


class RowRemark(models.Model):
    """What is to be said of row `number` of a run: refused, kept as people have it, or waiting."""

    class Kind(models.TextChoices):
        REFUSED = "refused", _("refused")
        KEPT = "kept", _("kept as people have it")
        WAITS = "waits", _("waits for another row")

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="remarks", db_index=False)
    kind = models.CharField(max_length=7, choices=Kind)
    number = models.PositiveIntegerField()
    text = models.TextField()
    cells = models.JSONField()

    class Meta:
        verbose_name = _("remark on a row")
        verbose_name_plural = _("remarks on rows")
        indexes = [
            # the files of a run, and the rows that wait, in the order of the file
            models.Index(name="remark_of_run", fields=["run", "kind", "number", "id"])
        ]

    def __str__(self):
        return f"{self.number}: {self.text}"
