"""Bases of their own beside the test's one, for commands that run as processes of their own."""

import os
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

# What a clock, a dice of its own (the salt of a password) or a visit writes, not the import.
NOT_OF_THE_IMPORT = [
    "applied", "at", "created_at", "updated_at", "started_at", "finished_at", "in_column_since", "password",
    "pgh_created_at",
]  # fmt: skip
LEFT_OUT = ["django_migrations", "django_session"]


def dsn(name):
    told = connection.settings_dict
    return {"dbname": name, "host": told["HOST"], "port": told["PORT"], "user": told["USER"]}


def address(name):
    """The DATABASE_URL of the base `name`."""
    told = dsn(name)
    return f"postgres://{told['user']}@:{told['port']}/{quote(told['host'])}/{name}"


@contextmanager
def clone(name):
    """A base `name` as the test's own one is now: migrated and empty. Dropped at the end."""
    own = connection.settings_dict["NAME"]
    connection.close()
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(**dsn("postgres"), autocommit=True) as server:
        server.execute(drop)
        # a thread of an earlier test's server may still hold a connection, and nothing is copied then
        server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [own]
        )
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(own))
        )
    yield name
    connection.close()
    with psycopg.connect(**dsn("postgres"), autocommit=True) as server:
        server.execute(drop)


@contextmanager
def looking_at(name):
    """Let Django's queries go to the base `name`."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def manage(name, folder, *arguments, **more):
    """Start `manage.py` with `arguments` on the base `name`; return the process."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": address(name), "CRM_DATA_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **more,
    )


def row_hashes(name):
    """Return `hashes` of the base `name`."""
    with psycopg.connect(**dsn(name)) as base:
        return hashes(base)


def hashes(base):
    """Return {table: (rows, hash)} of all that `base` (a connection) holds, but for the columns of clocks."""
    query = sql.SQL(
        "SELECT count(*), md5(string_agg(told, '|' ORDER BY told)) FROM"
        " (SELECT (to_jsonb(each) - %s::text[])::text AS told FROM {} AS each) AS rows"
    )
    tables = base.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)", [LEFT_OUT]
    ).fetchall()
    return {
        table: base.execute(query.format(sql.Identifier(table)), [NOT_OF_THE_IMPORT]).fetchone()
        for (table,) in tables
    }
