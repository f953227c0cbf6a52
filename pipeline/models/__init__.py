"""The models of the room, a subject a module."""

from .pipeline import Pipeline
from .stage import Stage

__all__ = ["Pipeline", "Stage"]
