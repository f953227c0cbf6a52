"""What an operation is, told by small classes of the rooms: in words, and how it is taken back."""

from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass
class Undone:
    """What a batch of an undo did: `counts` by what was done, the unsaved KeptRecords, where it came to."""

    position: int | None
    is_last: bool
    counts: dict[str, int] = field(default_factory=dict)
    kept: list[Any] = field(default_factory=list)


class OperationKind:
    """A kind of work on many records. A room subclasses it and gives it a stable `kind`."""

    kind: ClassVar[str]
    icon: ClassVar[str] = "pencil"
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
    def check_undo(cls, operation, *, by):
        """Refuse to let `by` take it back at all, by a Refusal; each record's door asks again."""

    @classmethod
    def undo_some(cls, operation, *, by):
        """Take back the next batch after `operation.position`, in the running transaction; return Undone."""
        raise NotImplementedError
