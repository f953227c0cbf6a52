"""The models of the room, a subject a module."""

from accounts.tracking import tracked

from .event import Event
from .form_token import FormToken
from .operation import KeptRecord, Operation
from .record import Record

__all__ = ["Event", "FormToken", "KeptRecord", "Operation", "Record", "tracked"]
