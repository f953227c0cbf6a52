"""The import itself: a file's rows through a mapping, a thousand at a time (`batch.py`)."""

import contextlib
import itertools
from collections import Counter

from django.db import transaction

from accounts.models import Company, User
from records.models import Operation

from .batch import Batch
from .locks import only_import_of
from .models import MAPPING_NAME_LETTERS, ImportRun, RowRemark
from .operations import FileImported
from .refusals import RowRefused
from .report import write_files
from .rows import RowReader, RowsRead
from .targets import TARGETS

BATCH_ROWS = 1000  # a transaction each; larger ones gain nothing, and lose more when one is killed


class Import:
    """One file through one mapping, as the person `by`. `run()` does it, or goes on with it.

    Raises PermissionDenied, MappingMistake, FileMistake before anything is written. After `run`,
    `files` are the paths of the files with what was refused, and with what was kept.
    """

    def __init__(self, path, mapping, *, by, dry=False):
        self.mapping, self.dry = mapping, dry
        # with the role's scopes, which are asked for each record
        self.by = User.objects.select_related("role", "team").prefetch_related("role__scopes").get(pk=by.pk)
        self.file = mapping.file(path)
        self.target = TARGETS[mapping.entity](mapping, by=self.by, company=Company.objects.current())
        self.reader = RowReader(mapping, self.file.header)
        self.files = {}

    def run(self, tell_progress=lambda run: None):
        """Bring the file in and return its ImportRun; with `dry`, undo it all at the end.

        Raises AlreadyRunning, FileMistake.
        """
        with contextlib.ExitStack() as stack:
            stack.enter_context(only_import_of(self.mapping.source))
            if self.dry:
                stack.enter_context(transaction.atomic())
            self.import_run = self._begin()
            with RowsRead.of_run() as self.rows_read:
                self._catch_up()
                for run in itertools.chain(self._read_all(), self._read_waiting()):
                    tell_progress(run)
            self.import_run.finish()
            self.files = write_files(self.import_run, self.file.header)
            if self.dry:
                transaction.set_rollback(True)
        return self.import_run

    @transaction.atomic
    def _begin(self):
        """Return the run of this very file and mapping that was cut off, or a new one."""
        cut_off = ImportRun.objects.filter(source=self.mapping.source, status=ImportRun.Status.RUNNING)
        again = None if self.dry else cut_off.of(self.file, self.mapping).first()
        if again:
            return again
        for run in cut_off:
            run.give_up()
        operation = Operation.objects.create(
            kind=FileImported.kind,
            entity=self.mapping.entity,
            by=self.by,
            particulars={"file": self.file.path.name},
        )
        return ImportRun.objects.create(
            operation=operation,
            source=self.mapping.source,
            target=self.mapping.target,
            file_name=self.file.path.name,
            file_sha256=self.file.sha256,
            mapping_name=self.mapping.name[:MAPPING_NAME_LETTERS],
            mapping_text=self.mapping.text,
            by=self.by,
        )

    def _batch(self, rows, **how):
        batch = Batch(self.import_run, self.mapping, self.target, self.reader, self.rows_read)
        self.import_run = batch.write(rows, **how)
        return batch

    def _catch_up(self):
        """Learn again which rows a run that was cut off has read."""
        done = itertools.takewhile(lambda row: row[0] - 1 <= self.import_run.position, self.file.rows())
        for some in itertools.batched(done, BATCH_ROWS):
            told = []
            for number, cells in some:
                with contextlib.suppress(RowRefused):
                    told.append(self.reader.row(number, cells, Counter()))
            self.rows_read.take(told)

    def _read_all(self):
        rows = self.file.rows(after=self.import_run.position)
        for some in itertools.batched(rows, BATCH_ROWS):
            self._batch(some, position=some[-1][0] - 1)
            yield self.import_run

    def _read_waiting(self):
        """Read again the rows that wait for others, as long as that lets some in; then refuse the rest."""
        progress = True
        while self._waiting():
            is_last, progress, after = not progress, False, 0
            while waiting := self._waiting(after):
                after = waiting[-1].number
                batch = self._batch([(row.number, row.cells) for row in waiting], again=True, is_last=is_last)
                progress = progress or batch.settled > 0
                yield self.import_run

    def _waiting(self, after=0):
        return list(
            self.import_run.remarks.filter(kind=RowRemark.Kind.WAITS, number__gt=after).order_by("number")[
                :BATCH_ROWS
            ]
        )
