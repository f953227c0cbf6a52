"""The base, for libpq's programs and for psycopg, without Django: a restore begins before there is one."""

import os

import environ
import psycopg
from psycopg.conninfo import make_conninfo

from crm_site import settings

LIBPQ = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
OF_LIBPQ = ("sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs", "channel_binding")


def parameters(url: str = "") -> dict[str, str]:
    """Return what libpq wants to know of the base at `url`, in the form of DATABASE_URL; '' is the site's.

    A dump needs a session of its own, so PgBouncer is gone round by DATABASE_URL_DIRECT.
    """
    url = url or os.environ.get("DATABASE_URL_DIRECT", "")
    base = environ.Env.db_url_config(url) if url else settings.DATABASES["default"]
    found = {short: str(base[name]) for name, short in LIBPQ.items() if base.get(name)}
    options = base.get("OPTIONS", {})
    return (
        found | {name: str(options[name]) for name in OF_LIBPQ if name in options} | {"connect_timeout": "3"}
    )


def connect(url: str = "") -> psycopg.Connection:
    """Return a connection in which each statement stands alone, until it begins a transaction by itself."""
    return psycopg.connect(**parameters(url), autocommit=True)  # type: ignore[arg-type]


def for_program(url: str = "") -> tuple[str, dict[str, str]]:
    """Return `--dbname` for pg_dump and pg_restore, and their environment: no argument has the password."""
    asked = parameters(url)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    password = asked.pop("password", "")
    return f"--dbname={make_conninfo(**asked)}", ours | ({"PGPASSWORD": password} if password else {})
