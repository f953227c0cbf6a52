"""Backups: one file that holds base and files of a moment, its proof, and the way back.

archive.py   the file: a tar with a manifest, sealed by a checksum of every byte
snapshot.py  what the base held: rows and a hash of each table, in one snapshot
make.py      `manage.py backup`, and the nightly ones with their rotation
restore.py   `manage.py restore`, into a folder without a base
prove.py     `manage.py verify_backup [--fully]`: restored into a second PostgreSQL, and looked through
"""
