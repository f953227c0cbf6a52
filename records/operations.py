"""What an operation is, told by small classes of the rooms: in words, and how it is taken back."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import ngettext_lazy

from ui.formats import num


@dataclass
class Undone:
    """What a batch of an undo did: `counts` by what was done, the unsaved KeptRecords, where it came to."""

    position: int | None
    is_last: bool
    counts: Counter[str] = field(default_factory=Counter)
    kept: list[Any] = field(default_factory=list)


class OperationKind:
    """A kind of work on many records. A room subclasses it and gives it a stable `kind`."""

    kind: ClassVar[str]
    icon: ClassVar[str] = "pencil"
    may_be_cut_off: ClassVar[bool] = False  # it is more than one transaction
    kinds: ClassVar[dict[str, type["OperationKind"]]] = {}

    def __init_subclass__(cls):
        if cls.kind in OperationKind.kinds:
            raise ValueError(f"Two kinds of operations are called {cls.kind}.")
        OperationKind.kinds[cls.kind] = cls

    @classmethod
    def sentence(cls, operation):
        """Say in the reader's language what `operation` did, without who and when."""
        raise NotImplementedError

    @classmethod
    def size(cls, operation):
        """Return how many records its undo has to look at."""
        return len(operation.object_ids)

    @classmethod
    def may_be_undone_by(cls, operation, user):
        """Say whether the role of `user` lets him take such a thing back; each record's door asks again."""
        return True

    @classmethod
    def labels(cls, operation):
        """Return {name: label in the reader's language} of the fields of the records. One query at most."""
        return {}

    @classmethod
    def end_if_cut_off(cls, operation):
        """Finish the locked `operation`, which says it is running, if nobody works at it any more."""

    @classmethod
    def undo_some(cls, operation, *, by):
        """Take back the next batch after `operation.position`, in the running transaction; return Undone."""
        raise NotImplementedError


# What is counted, in words; `counts` and `undo_counts` of an Operation have these names.
COUNTED = {
    "made": ngettext_lazy("%(count)s made", "%(count)s made", "count"),
    "changed": ngettext_lazy("%(count)s changed", "%(count)s changed", "count"),
    "same": ngettext_lazy("%(count)s the same", "%(count)s the same", "count"),
    "refused": ngettext_lazy("%(count)s refused", "%(count)s refused", "count"),
    "gone": ngettext_lazy("%(count)s gone", "%(count)s gone", "count"),
    "restored": ngettext_lazy("%(count)s put back", "%(count)s put back", "count"),
    "kept": ngettext_lazy("%(count)s kept", "%(count)s kept", "count"),
}


def counted(counts):
    """Say `counts` in the reader's language: "8,777 gone, 23 kept"; '' for nothing."""
    return ", ".join(
        str(COUNTED[name] % {"count": count}).replace(str(count), num(count), 1)
        for name, count in counts.items()
        if count
    )
