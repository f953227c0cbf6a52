"""The change history as people read it: what a record was, who changed what, and one change taken back."""

from .page import Change, HistoryPage, history_of, record_as_of, visible_record
from .states import fields_in_history
from .undo import undo_change, undo_changes, undo_setting

__all__ = [
    "Change",
    "HistoryPage",
    "fields_in_history",
    "history_of",
    "record_as_of",
    "undo_change",
    "undo_changes",
    "undo_setting",
    "visible_record",
]
