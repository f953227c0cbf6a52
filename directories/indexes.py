"""The index of an own field: `((custom -> 'code'), id)` on the table of its records."""

from django.db import connection
from psycopg import sql

from .registry import model_of


def index_name(field_id):
    """The name follows the field's id, so that no code gets into it."""
    return f"own_value_{int(field_id)}"


def is_wanted(field):
    """A field that is filtered by often, or whose values are entries: merging looks for them (FACTS 29)."""
    return field.filter_often or field.choices_from_id is not None


def make_index(field):
    """Make the index if it isn't there; one that a crash left unfinished is made anew.

    CONCURRENTLY, so outside of any transaction. Safe to run again.
    """
    name = sql.Identifier(index_name(field.pk))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [index_name(field.pk)]
        )
        found = cursor.fetchone()
        if found and found[0]:
            return
        if found:
            drop_index(field)
        of_directory = sql.SQL("")
        if field.directory_id:
            of_directory = sql.SQL(" WHERE directory_id = {}").format(sql.Literal(field.directory_id))
        cursor.execute(
            sql.SQL("CREATE INDEX CONCURRENTLY IF NOT EXISTS {} ON {} ((custom -> {}), id){}").format(
                name,
                sql.Identifier(model_of(field.entity)._meta.db_table),
                sql.Literal(field.code),
                of_directory,
            )
        )


def drop_index(field):
    """Drop the index, if it is there. Outside of any transaction, safe to run again."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier(index_name(field.pk)))
        )
