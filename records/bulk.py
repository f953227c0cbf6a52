"""New rows by COPY: where a thousand and more are written at once."""

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.expressions import DatabaseDefault


def copy_in(objects):
    """Write the new `objects` of one model by COPY, and return them with their numbers.

    A third of the time of `bulk_create`, which sends values as texts of SQL. Raises what it raises.
    A column whose value the database gives is left to it, and not read back; so all of `objects`, or
    none, have a value of their own there.
    """
    if not objects:
        return objects
    connection = connections[DEFAULT_DB_ALIAS]  # not django.db's stand-in, which looks it up for each value
    model = type(objects[0])
    pk = model._meta.pk
    columns = [
        field
        for field in model._meta.concrete_fields
        if not field.generated and not isinstance(getattr(objects[0], field.attname), DatabaseDefault)
    ]
    names = ", ".join(connection.ops.quote_name(field.column) for field in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, pk.column, len(objects)],
        )
        for each, (number,) in zip(objects, cursor.fetchall(), strict=True):
            each.pk = number
        with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            ways = [(field.attname, field.get_db_prep_save) for field in columns]
            for each in objects:
                copy.write_row([prepare(getattr(each, name), connection) for name, prepare in ways])
    for each in objects:
        each._state.adding, each._state.db = False, connection.alias
    return objects
