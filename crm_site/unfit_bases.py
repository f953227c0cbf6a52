"""Servers and bases that Voronka cannot use, each refused in a sentence before anything is written."""

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from crm_site.problems import Problem, causes, database_is_away, first_line
from crm_site.problems import gettext_noop as _

OLDEST_POSTGRES = 15
COMMON_NAME = "0001_initial"  # an app of the same name may have it in anyone's base

# Not what an extension brought along, such as a view of its statistics.
TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_table_is_visible(oid)
        AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
        AND NOT EXISTS (
            SELECT FROM pg_depend
            WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e'
        )
"""
# What a stolen log-in of the site could do to the machine (TRUST S33).
IS_MIGHTY = """
    SELECT rolsuper OR rolcreaterole OR pg_has_role(oid, 'pg_execute_server_program', 'MEMBER')
    FROM pg_roles WHERE rolname = current_user
"""
# What keeps a commit that was acknowledged, and the base whole, when the power goes (TRUST 2.1).
SAFE_WHEN_ON = ("fsync", "full_page_writes", "synchronous_commit")


def connect() -> None:
    """Connect to the base of the settings. Raises Problem."""
    try:
        connection.ensure_connection()
    except OperationalError as refusal:
        raise database_is_away(refusal) from refusal
    except (DatabaseError, InterfaceError, ImproperlyConfigured) as refusal:
        raise Problem(_("DATABASE_URL cannot be used: %(reason)s."), reason=first_line(refusal)) from refusal


def refuse_unfit_server(cursor) -> None:
    """Refuse a server that is too old, or that only reads. Raises Problem."""
    major = cursor.connection.info.server_version // 10_000
    if major < OLDEST_POSTGRES:
        raise Problem(
            _("DATABASE_URL is PostgreSQL %(theirs)s, Voronka needs %(least)s or later."),
            theirs=major,
            least=OLDEST_POSTGRES,
        )
    cursor.execute("SHOW transaction_read_only")
    if cursor.fetchone() == ("on",):
        raise Problem(
            _(
                "The base of DATABASE_URL is for reading only (a standby?):"
                " name the server that takes changes, and let its user make them."
            )
        )


def refuse_base_of_others(cursor, migrations: MigrationLoader) -> None:
    """Refuse a base with tables that no start of ours has made. Raises Problem."""
    ours = {key for key in migrations.disk_migrations if key[0] in settings.ROOMS}
    applied = set(migrations.applied_migrations)
    if any(name != COMMON_NAME for _app, name in ours & applied):
        return
    # Nothing is there yet, or a first start was cut off: before its first step, or a few steps later.
    may_be_there = {MigrationRecorder.Migration._meta.db_table}
    if ours & applied:
        may_be_there |= {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    cursor.execute(TABLES)
    foreign = sorted({name for (name,) in cursor.fetchall()} - may_be_there)
    if foreign:
        raise Problem(
            _(
                "The base of DATABASE_URL holds something else (the table %(table)s):"
                " give Voronka a base of its own."
            ),
            table=foreign[0],
        )


def refuse_newer_base(migrations: MigrationLoader) -> None:
    """Refuse a base that has migrations of our apps which this code does not know. Raises Problem."""
    applied, known = set(migrations.applied_migrations), set(migrations.disk_migrations)
    replaced = {old for migration in migrations.disk_migrations.values() for old in migration.replaces}
    apps_here = {app for app, _name in known}
    unknown = sorted(key for key in applied - known - replaced if key[0] in apps_here)
    if unknown:
        raise Problem(
            _(
                "This base was made by a newer Voronka (%(migration)s is not known here):"
                " start that version, or restore a backup of this one."
            ),
            migration=".".join(unknown[0]),
        )


def refuse_without_russian(cursor) -> None:
    """Refuse a base that cannot search in Russian (FACTS 1). Raises Problem."""
    cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    cursor.execute("SELECT show_trgm('ё') <> '{}' AND lower('Ё') = 'ё'")
    if cursor.fetchone() != (True,):
        raise Problem(
            _(
                "The base of DATABASE_URL does not know Russian letters: make it anew with"
                " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8', or another UTF-8 locale."
            )
        )


def refused(refusal: Exception) -> Problem:
    """The sentence for anything else that the base refuses while it is made ready."""
    forbidden = [
        cause for cause in causes(refusal) if isinstance(cause, psycopg.errors.InsufficientPrivilege)
    ]
    if forbidden:
        return Problem(
            _(
                "The user of DATABASE_URL may not do what Voronka needs (%(reason)s):"
                " make it the owner of the base (ALTER DATABASE … OWNER TO …)."
            ),
            reason=first_line(forbidden[0]),
        )
    return Problem(_("The database refuses what Voronka asks of it: %(reason)s."), reason=first_line(refusal))


def is_mighty_user(cursor) -> bool:
    """Whether the site's user may do more than own its base."""
    cursor.execute(IS_MIGHTY)
    return cursor.fetchone() == (True,)


def switched_off(cursor) -> list[str]:
    """Which of the settings that keep what was saved are off on this server."""
    cursor.execute(
        "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off' ORDER BY name",
        [list(SAFE_WHEN_ON)],
    )
    return [name for (name,) in cursor.fetchall()]
