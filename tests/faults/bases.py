"""Bases in the PostgreSQL of the tests, reached by their DATABASE_URL."""

import psycopg
from environ import Env


def connected(url, base=""):
    """A connection to the base at `url`, or to another one of its server."""
    parts = Env.db_url_config(url)
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    values = {ours: parts[theirs] for ours, theirs in names.items() if parts[theirs]}
    return psycopg.connect(**values, dbname=base or parts["NAME"], autocommit=True)


def as_user(url, name):
    """The same base for another user of its server, who needs no password in the tests."""
    return f"postgres://{name}@{url.partition('@')[2]}"
