"""What points somewhere, and what guards it: rules that follow from models and catalogue themselves."""

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import AutoField
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from accounts.tracking import TRACKED, changes_model
from directories.registry import MODELS

IN_FORCE = {
    "constraints_are_in_force": (
        _("Every constraint of the base is checked for all of its rows."),
        "SELECT conname FROM pg_constraint WHERE NOT convalidated AND connamespace = 'public'::regnamespace",
    ),
    "indexes_are_valid": (
        _("Every index of the base is whole."),
        """SELECT indexrelid::regclass FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
           WHERE relnamespace = 'public'::regnamespace AND NOT (indisvalid AND indisready)""",
    ),
    "triggers_are_on": (
        _("Every trigger of the base is switched on."),
        """SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
           WHERE relnamespace = 'public'::regnamespace AND tgenabled = 'D'""",
    ),
}
POINTS_AT_WHAT_IS_THERE = _("What a row points at is there.")
FOREIGN_KEYS = """
    SELECT conname, child.relname, parent.relname,
           (SELECT array_agg(attname::text ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute ON attrelid = conrelid AND attnum = number),
           (SELECT array_agg(attname::text ORDER BY place) FROM unnest(confkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute ON attrelid = confrelid AND attnum = number)
    FROM pg_constraint JOIN pg_class child ON child.oid = conrelid JOIN pg_class parent ON parent.oid = confrelid
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY conname
"""  # noqa: E501
IDENTITIES = """
    SELECT relname, attname, pg_get_serial_sequence(relname, attname)::regclass::text
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND attidentity <> '' ORDER BY 1
"""


def links():
    """Return the rules of the house, as `rules.rules` does."""
    return IN_FORCE | _foreign_keys() | _unguarded() | _sequences() | _records_of_any_kind() | _own_values()


def _orphans(table, columns, target, keys, only="true"):
    """The SQL that finds the rows of `table` whose `columns` name nothing among the `keys` of `target`.

    `only` (SQL on the row `a`) narrows what is looked at.
    """
    pairs = list(zip(columns, keys, strict=True))
    return sql.SQL(
        "SELECT {columns} FROM {table} a WHERE {named} AND {only}"
        " AND NOT EXISTS (SELECT FROM {target} b WHERE {match})"
    ).format(
        columns=sql.SQL("concat_ws(',', {})").format(_all_of("a.{}", columns, ", ")),
        table=sql.Identifier(table),
        named=_all_of("a.{} IS NOT NULL", columns, " AND "),
        only=sql.SQL(only) if isinstance(only, str) else only,
        target=sql.Identifier(target),
        match=sql.SQL(" AND ").join(
            sql.SQL("b.{} = a.{}").format(sql.Identifier(key), sql.Identifier(column))
            for column, key in pairs
        ),
    )


def _all_of(pattern, columns, between):
    return sql.SQL(between).join(sql.SQL(pattern).format(sql.Identifier(column)) for column in columns)


def _foreign_keys():
    """Constraints can be right and the disk wrong: each foreign key is followed."""
    return {
        name: (POINTS_AT_WHAT_IS_THERE, _orphans(table, columns, target, keys))
        for name, table, target, columns, keys in _rows(FOREIGN_KEYS)
    }


def _unguarded():
    """Foreign keys that the base does not know: of what is kept for ever, or whose history tells its end."""
    return {
        f"{model._meta.db_table}.{field.column}": (
            POINTS_AT_WHAT_IS_THERE,
            _orphans(
                model._meta.db_table,
                [field.column],
                field.related_model._meta.db_table,
                ["id"],
                _is_not_told_gone(field),
            ),
        )
        for model in _ours()
        for field in model._meta.fields
        if field.is_relation and not field.db_constraint and field.related_model._meta.pk.column == "id"
    }


def _is_not_told_gone(field):
    """The SQL that is true if the change history knows no end of what `field` of the row `a` points at."""
    if field.related_model not in TRACKED:
        return sql.SQL("true")
    return sql.SQL(
        "NOT EXISTS (SELECT FROM {changes} c WHERE c.pgh_obj_id = a.{column} AND c.pgh_label = 'delete')"
    ).format(
        changes=sql.Identifier(changes_model(field.related_model)._meta.db_table),
        column=sql.Identifier(field.column),
    )


def _sequences():
    """After a restore too, the next row gets a number that nobody has."""
    query = sql.SQL(
        "SELECT max({column}) FROM {table} HAVING max({column})"
        " > (SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence})"
    )
    return {
        f"{table}.{column} goes on": (
            _("The next number of a table is larger than those it has."),
            query.format(
                column=sql.Identifier(column), table=sql.Identifier(table), sequence=sql.Identifier(sequence)
            ),
        )
        for table, column, sequence in _rows(IDENTITIES)
    }


def _records_of_any_kind():
    """Rows that point at a record by content type and id: no foreign key guards them."""
    pointing = [
        (model, field)
        for model in _ours()
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey)
    ]
    found = {}
    for model, field in pointing:
        kind, number = (model._meta.get_field(each).column for each in (field.ct_field, field.fk_field))
        for target in (model for model in _ours() if isinstance(model._meta.pk, AutoField)):
            of_kind = sql.SQL("a.{} = {}").format(
                sql.Identifier(kind), sql.Literal(ContentType.objects.get_for_model(target).pk)
            )
            found[f"{model._meta.db_table}.{number} of {target._meta.db_table}"] = (
                POINTS_AT_WHAT_IS_THERE,
                _orphans(
                    model._meta.db_table, [number], target._meta.db_table, [target._meta.pk.column], of_kind
                ),
            )
    return found


def _own_values():
    """The entry that an own field holds is there, and is of the field's directory."""
    query = sql.SQL(
        """SELECT r.id FROM {table} r JOIN directories_customfield f
             ON f.entity = {entity} AND f.kind = 'entry' AND r.custom ? f.code
           WHERE NOT EXISTS (SELECT FROM directories_entry e
             WHERE to_jsonb(e.id) = r.custom -> f.code AND e.directory_id = f.choices_from_id) AND {own}"""
    )
    return {
        f"own entries of {entity}": (
            _("The entry that an own field holds is one of its directory."),
            query.format(
                table=sql.Identifier(model._meta.db_table),  # type: ignore[attr-defined]  # a class of models
                entity=sql.Literal(entity),
                own=sql.SQL("f.directory_id = r.directory_id" if entity == "entry" else "true"),
            ),
        )
        for entity, model in MODELS.items()
    }


def _ours():
    """The models of our rooms, those of the change history among them."""
    return [model for model in apps.get_models() if model._meta.app_label in settings.ROOMS]


def _rows(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
