"""The models of the room, a subject a module."""

from .deal import Deal
from .stage_history import StageHistory

__all__ = ["Deal", "StageHistory"]
