"""An import as an operation: what it did in words, and how it is taken back."""

from django.utils.translation import gettext as _

from directories.many import labels_of
from directories.registry import model_of
from records.operations import OperationKind

from .locks import nobody_imports
from .models import ImportRun
from .targets import TARGETS
from .undoing import undo_batch


class FileImported(OperationKind):
    """`file`: its name."""

    kind = "file_imported"
    icon = "upload"
    may_be_cut_off = True

    @classmethod
    def sentence(cls, operation):
        return _("brings in the file %(file)s") % operation.particulars

    @classmethod
    def size(cls, operation):
        counts = operation.import_run.counts
        return counts["made"] + counts["changed"]

    @classmethod
    def may_be_undone_by(cls, operation, user):
        """What it takes to bring such things in, it takes to take them away."""
        return all(user.has_right(right) for right in TARGETS[operation.entity].rights)

    @classmethod
    def labels(cls, operation):
        return labels_of(operation.entity) if model_of(operation.entity) else {}

    @classmethod
    def end_if_cut_off(cls, operation):
        """A killed run holds the lock of its source no longer; its file can be brought in anew afterwards."""
        run = operation.import_run
        if nobody_imports(run.source):
            run.operation = operation
            end = run.give_up if run.status == ImportRun.Status.RUNNING else run.finish
            end()

    @classmethod
    def undo_some(cls, operation, *, by):
        return undo_batch(ImportRun.objects.get(operation=operation), operation, by=by)
