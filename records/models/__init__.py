"""The models of the room, a subject a module."""

from .event import Event
from .form_token import FormToken
from .record import Record, tracked

__all__ = ["Event", "FormToken", "Record", "tracked"]
