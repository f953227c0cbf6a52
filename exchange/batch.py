"""A thousand rows in one transaction, which also writes how far the run has come.

So a run that was cut off goes on where it was, and no row goes in twice: what a row is, its external
id tells, and the same row again writes nothing.
"""

from collections import Counter

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from records.bulk import copy_in, end_history, tell_history
from ui.answers import Refusal

from .models import COUNTED, ImportedChange, ImportedRow, ImportRun, RowRemark
from .refusals import AlreadyRunning, RowRefused, RowWaits


class Batch:
    """Some rows of a run. `write` is the one transaction; `settled` counts what no longer waits."""

    def __init__(self, run, mapping, target, reader, rows_read):
        self.run, self.mapping, self.target = run, mapping, target
        self.reader, self.rows_read = reader, rows_read
        self.counted: Counter[str] = Counter()
        self.replaced: Counter[str] = Counter()
        self.remarks: list[RowRemark] = []
        self.gone_in: set[str] = set()  # external ids

    @property
    def settled(self):
        return sum(self.counted.values())

    @transaction.atomic
    def write(self, rows, *, position=None, again=False, is_last=False):
        """Write `rows` ((number, cells) each), and return the run as it is now.

        `position`: how many rows of the file are read with these. `again`: they have waited for
        others; `is_last`: and wait no longer. Raises AlreadyRunning if somebody else has gone on.
        """
        run = ImportRun.objects.select_for_update(no_key=True).get(pk=self.run.pk)
        if (run.position, run.status) != (self.run.position, ImportRun.Status.RUNNING):
            raise AlreadyRunning(run.source)
        self.run, self.is_last = run, is_last
        names = {"import": run.pk, "operation": run.operation_id}
        context = tell_history(f"import {run.pk}", user=run.by_id, **names)
        if run.operation and run.operation.context != context:
            run.operation.context = context
            run.operation.save(update_fields=["context"])
        if again:
            numbers = [number for number, _cells in rows]
            run.remarks.filter(kind=RowRemark.Kind.WAITS, number__in=numbers).delete()
        told = [row for row in (self._row(number, cells) for number, cells in rows) if row]
        self.target.hold([row.meant for row in told])
        first, twins = _twins(told if again else self._without_contradictions(told))
        self._write_rows(first)
        self.counted["same"] += sum(row.external_id in self.gone_in for row in twins)
        self._write_rows([row for row in twins if row.external_id not in self.gone_in])
        RowRemark.objects.bulk_create(self.remarks)
        run.counts = {name: run.counts[name] + self.counted[name] for name in COUNTED}
        if not again:
            run.report["replaced"] = dict(Counter(run.report.get("replaced", {})) + self.replaced)
            run.position = position
        run.save(update_fields=["counts", "report", "position"])
        end_history()
        return run

    # Rows

    def _row(self, number, cells):
        """Return the Row of `cells`; None, and a remark, if it can't be told which record it is."""
        try:
            return self.reader.row(number, cells, self.replaced)
        except RowRefused as refusal:
            return self._refuse(number, cells, str(refusal))

    def _without_contradictions(self, rows):
        """Refuse those of `rows` that say something else of a record than an earlier row of this run.

        Which of the two is meant nobody knows; taking one after the other would write both at each import.
        """
        contradicted = self.rows_read.take(rows)
        for row in rows:
            if row.number in contradicted:
                reason = _("Row %(number)s has the same external id “%(id)s” and says something else.")
                words = {"number": contradicted[row.number], "id": row.external_id}
                self._refuse(row.number, row.cells, reason % words)
        return [row for row in rows if row.number not in contradicted]

    def _write_rows(self, rows):
        """Write rows of different external ids."""
        known = ImportedRow.objects.named(
            self.mapping.source, self.mapping.target, [row.external_id for row in rows]
        )
        differing = []
        for row in rows:
            row.known = known.get(row.external_id)
            if row.known and row.known.digest == row.digest:
                self._count(row, "same")
            else:
                differing.append(row)
        self.target.look_up([row.meant for row in differing])
        told = [row for row in differing if self._attempt(row, self._read)]
        copy_in(self._make([row for row in told if not row.known]))
        self._remember(self._change([row for row in told if row.known]))

    def _read(self, row):
        row.values = self.target.read(row.meant)

    def _attempt(self, row, step):
        """Do `step(row)`; where that can't be done the row is refused, or waits. Says whether it was done."""
        try:
            step(row)
        except RowWaits as waits:
            if self.is_last:
                self._refuse(row.number, row.cells, str(waits))
            else:
                self._remark(RowRemark.Kind.WAITS, row, str(waits))
        except (RowRefused, Refusal, PermissionDenied) as refusal:
            self._refuse(row.number, row.cells, str(refusal))
        except ValidationError as mistake:
            self._refuse(row.number, row.cells, " ".join(mistake.messages))
        except DatabaseError as mistake:
            self._refuse(row.number, row.cells, self._reason(mistake))
        else:
            return True
        return False

    def _reason(self, mistake):
        """Say what the database refused, in the words of its constraint if that has some."""
        name = getattr(getattr(mistake.__cause__, "diag", None), "constraint_name", None)
        for constraint in self.target.model._meta.constraints:
            if constraint.name == name:
                return str(constraint.get_violation_error_message())
        return str(mistake).splitlines()[0]

    # New records

    def _make(self, rows):
        """Make the records of `rows` set-based; if the database refuses one of them, one by one."""
        drafts = []
        built = [
            row
            for row in rows
            if self._attempt(row, lambda row: drafts.append(self.target.build(row.values)))
        ]
        try:
            with transaction.atomic():
                self.target.make(drafts)
        except DatabaseError:
            made = []
            for row in built:
                self._attempt(row, lambda row: made.append((row, self._make_one(row))))
        else:
            made = list(zip(built, drafts, strict=True))
        for row, _record in made:
            self._count(row, "made")
        return [self._imported(row, record.pk) for row, record in made]

    @transaction.atomic
    def _make_one(self, row):
        record = self.target.build(row.values)
        self.target.make([record])
        return record

    # Records that are here

    def _change(self, rows):
        """Change what `rows` say differently than last time, through the doors of the records.

        Returns [(the ImportedRow as it is now, {field: what it replaced})].
        """
        records = self.target.find([row.known.object_id for row in rows]) if rows else {}
        written = []
        for row in rows:
            self._attempt(row, lambda row: written.append(self._change_one(row, records)))
        return written

    @transaction.atomic
    def _change_one(self, row, records):
        record = records.get(row.known.object_id)
        if record is None:
            raise RowRefused(_("Its record is here, and is not for this person to see."))
        write, kept = self.target.settle(record, row.known.values, row.values)
        replaced = {name: self.target.now(record, name) for name in write}
        if write:
            self.target.change(record, write)
        for text in kept.values():
            self._remark(RowRemark.Kind.KEPT, row, text)
        self._count(row, "changed" if replaced else "kept" if kept else "same")
        return self._imported(row, record.pk, changed=bool(replaced)), replaced

    # What is remembered

    def _count(self, row, outcome):
        self.counted[outcome] += 1
        self.gone_in.add(row.external_id)

    def _imported(self, row, pk, *, changed=True):
        return ImportedRow(
            source=self.mapping.source,
            target=self.mapping.target,
            external_id=row.external_id,
            object_id=pk,
            run_id=self.run.pk if changed else row.known.run_id,
            made_in_id=row.known.made_in_id if row.known else self.run.pk,
            number=row.number,
            digest=row.digest,
            cells=dict(zip(self.reader.header, row.cells, strict=True)),
            values=self.target.as_json(row.values),
        )

    def _remember(self, changed):
        """INSERT … ON CONFLICT on the external id, and what was replaced for the undo of this run."""
        rows = ImportedRow.objects.bulk_create(
            [imported for imported, _replaced in changed],
            update_conflicts=True,
            unique_fields=["source", "target", "external_id"],
            update_fields=["run", "number", "digest", "cells", "values"],
        )
        replaced = [each for _imported, each in changed]
        ImportedChange.objects.bulk_create(
            ImportedChange(run=self.run, row=row, replaced=each)
            for row, each in zip(rows, replaced, strict=True)
            if each
        )

    def _refuse(self, number, cells, reason):
        self.counted["refused"] += 1
        cells = [cell.replace("\x00", "") for cell in cells]
        self.remarks.append(
            RowRemark(run=self.run, kind=RowRemark.Kind.REFUSED, number=number, text=reason, cells=cells)
        )

    def _remark(self, kind, row, text):
        self.remarks.append(RowRemark(run=self.run, kind=kind, number=row.number, text=text, cells=row.cells))


def _twins(rows):
    """Divide `rows` into the first of each record, and their twins: the very same rows again."""
    first: dict = {}
    for row in rows:
        first.setdefault(row.external_id, row)
    numbers = {row.number for row in first.values()}
    return list(first.values()), [row for row in rows if row.number not in numbers]
