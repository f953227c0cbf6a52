"""Directories, their entries and the company's own fields.

Lives here: Directory, Entry, CustomField; `kinds/`, the one mechanism that turns a description of a
field (built-in or own) into form, filter, column, import and history; `fields.py`, which describes
the fields of a model.
Doors: `entry.retire`, `entry.bring_back`, `entry.merge_into` (`merging.py`, which stages share).
Rooms below register the places that hold entries (`fields.register`).
"""
