"""What the base holds, as a hash a table: what a refused request must leave as it was (TRUST S3)."""

from django.db import connection
from psycopg import sql

# What may grow by looking or by being refused: sessions, counts of attempts, the append-only log of security.
LOGS = {
    "django_session",
    "accounts_attempt",
    "usersessions_usersession",
    "accounts_securityevent",
    "django_admin_log",
    "procrastinate_workers",
}


def row_hashes(leave_out=LOGS):
    """Return {table: hash of all its rows} of the public schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        tables = [name for (name,) in cursor.fetchall() if name not in leave_out]
        hashes = sql.SQL(" UNION ALL ").join(
            sql.SQL(
                "SELECT {name}, md5(coalesce(string_agg(row_text, '' ORDER BY row_text), ''))"
                " FROM (SELECT each::text AS row_text FROM {table} AS each) AS rows"
            ).format(name=sql.Literal(table), table=sql.Identifier(table))
            for table in tables
        )
        cursor.execute(hashes.as_string(cursor.connection))
        return dict(cursor.fetchall())
