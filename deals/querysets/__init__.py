"""The querysets of the room, a model a module."""

from .deal import DealQuerySet
from .stage_history import StageHistoryManager

__all__ = ["DealQuerySet", "StageHistoryManager"]
