"""Tables without indexes and foreign keys while they are loaded: a tenth of the time (FACTS 22)."""

from contextlib import contextmanager

INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %s::regclass AND NOT indisprimary
      AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""
CONSTRAINTS = """
    SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype IN ('f', 'x')
"""


@contextmanager
def without_indexes(cursor, tables):
    """Drop the indexes, foreign keys and exclusion constraints of `tables`; make them again at the end.

    Within one transaction, so that nobody sees the tables without, and a failure leaves them as they were.
    """
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit forbids ALTER TABLE
    cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    again = []
    for table in tables:
        cursor.execute(CONSTRAINTS, [table])
        for name, definition in cursor.fetchall():
            again.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    indexes = []
    for table in tables:
        cursor.execute(INDEXES, [table])
        for name, definition in cursor.fetchall():
            indexes.append(definition)
            cursor.execute(f"DROP INDEX {name}")
    yield
    for statement in (*indexes, *again):
        cursor.execute(statement)
