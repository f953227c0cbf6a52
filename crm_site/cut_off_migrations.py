"""Migrations that work while people do are not in one transaction: cut off, they leave what they had made.

Run again, they would find it there and fail for ever, so it is removed first.
"""

from django.apps import apps
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
)
from psycopg import sql


def clear(cursor, plan) -> None:
    """Drop indexes and constraints of those migrations of `plan`, not recorded as done, that were begun."""
    for migration, _backwards in plan:
        if not migration.atomic:
            _clear(cursor, migration)


def _clear(cursor, migration) -> None:
    replaced = {step.name for step in migration.operations if isinstance(step, RemoveIndexConcurrently)}
    for step in migration.operations:
        # What the migration itself replaces works until then, and is dropped there if it exists.
        if isinstance(step, AddIndexConcurrently) and step.index.name not in replaced:
            drop = sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}")
            cursor.execute(drop.format(sql.Identifier(step.index.name)))
        if isinstance(step, AddConstraintNotValid):
            table = apps.get_model(migration.app_label, step.model_name)._meta.db_table
            drop = sql.SQL("ALTER TABLE IF EXISTS {} DROP CONSTRAINT IF EXISTS {}")
            cursor.execute(drop.format(sql.Identifier(table), sql.Identifier(step.constraint.name)))
