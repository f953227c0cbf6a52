"""What a base holds at a moment: the rows of each table, and a hash of them that no order changes."""

from psycopg import Connection, sql

# The same text of the same row on every server.
SAME_TEXT = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';"
TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    ORDER BY relname
"""
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY app, name"


def tables_of(connection: Connection) -> dict[str, dict]:
    """Return {table: {"rows", "hash"}} as the running transaction of `connection` sees them.

    The hash is the sum of a 64-bit hash of each row's text: equal rows give it in any order.
    """
    connection.execute(SAME_TEXT)
    found = {}
    for (name,) in connection.execute(TABLES).fetchall():
        query = sql.SQL(
            "SELECT count(*), coalesce(sum(hashtextextended(row::text, 0)::numeric), 0)::text FROM {} AS row"
        )
        [(rows, hash_of_rows)] = connection.execute(query.format(sql.Identifier(name))).fetchall()
        found[name] = {"rows": rows, "hash": hash_of_rows}
    return found


def migrations_of(connection: Connection) -> list[str]:
    """Return the migrations that the base has, as `room.name`."""
    return [name for (name,) in connection.execute(MIGRATIONS)]


def differences(expected: dict[str, dict], found: dict[str, dict]) -> list[str]:
    """Return the names of the tables that do not hold the same rows."""
    return sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
