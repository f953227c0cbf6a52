"""One import at a time for each source."""

import contextlib
import hashlib

from django.db import connection

from .refusals import AlreadyRunning

IMPORT_LOCK = 0x65786368  # "exch": the first half of the advisory lock, the source is the second


def _half(source):
    return int.from_bytes(hashlib.blake2b(source.encode(), digest_size=4).digest(), signed=True)


@contextlib.contextmanager
def only_import_of(source):
    """Hold the lock of `source`. Raises AlreadyRunning if somebody else does.

    PostgreSQL frees it with the connection, so that a killed run is not "running" for ever. It is
    the connection's: behind PgBouncer's transaction mode an import needs the direct address.
    """
    half = _half(source)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [IMPORT_LOCK, half])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(source)
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [IMPORT_LOCK, half])


def wait_for_import_of(source):
    """Hold the lock of `source` until the running transaction ends; wait for an import that has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [IMPORT_LOCK, _half(source)])


def nobody_imports(source):
    """Say whether no import of `source` runs; then none begins until the running transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [IMPORT_LOCK, _half(source)])
        return cursor.fetchone()[0]
