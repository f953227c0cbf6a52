"""The models of the room, a subject a module."""

from accounts.tracking import tracked

from .event import Event
from .form_token import FormToken
from .record import Record

__all__ = ["Event", "FormToken", "Record", "tracked"]
