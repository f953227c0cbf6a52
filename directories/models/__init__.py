"""Directories with their entries, and the fields a company adds to its records, a subject a module."""

from ..ready import LOST_REASONS, SOURCES
from .custom_field import CustomField
from .directory import Directory
from .entry import COLORS, Entry

__all__ = ["COLORS", "LOST_REASONS", "SOURCES", "CustomField", "Directory", "Entry"]
