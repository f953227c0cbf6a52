"""Import and export of files.

Lives here: ImportRun with its rows, the readers, the mapping files, the engine behind
`manage.py import_file` (its screen comes later).
"""
