"""Make the base ready for this code, before anyone is let in: `python -m crm_site.prepare [--demo DATA]`.

The supervisor runs it as a child at each start; a site of several machines runs it once, on any of them.
"""

import argparse
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_site.settings")
os.environ["CRM_SERVES_PAGES"] = ""

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.db import OperationalError, connection  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402

from crm_site.problems import Problem, give_up  # noqa: E402
from crm_site.problems import gettext_noop as _  # noqa: E402
from crm_site.secret_files import kept_secret  # noqa: E402

MIGRATION_LOCK = 0x766F726F6E6B61  # "voronka"; PostgreSQL's advisory locks are named by a number
OLDEST_POSTGRES = 15
SECRET_KEY_MIN_CHARACTERS = 50  # Django's own check
SETUP_KEY_BYTES = 9  # 12 characters, typed by hand once


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m crm_site.prepare")
    parser.add_argument(
        "--demo", metavar="DATA", help="also make the demo company of DATA ('' is the small one)"
    )
    demo = parser.parse_args().demo
    try:
        refuse_unsafe_settings()
        django.setup()
        check_base()
        migrate()
        if demo is not None:
            call_command("demo", data=demo)
        keep_setup_key()
    except Problem as problem:
        give_up(problem)
    except CommandError as refusal:
        sys.exit(str(refusal))  # to stderr, code 1


def refuse_unsafe_settings() -> None:
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        raise Problem(_("DATABASE_URL is no PostgreSQL: it begins with postgres:// and names a base of it."))
    if settings.DEBUG:
        raise Problem(_("DEBUG shows the code to visitors: it is for runserver, start without it."))
    if len(settings.SECRET_KEY) < SECRET_KEY_MIN_CHARACTERS:
        raise Problem(
            _(
                "SECRET_KEY is shorter than %(least)s characters:"
                " leave it out, and one is made and kept in the data folder."
            ),
            least=SECRET_KEY_MIN_CHARACTERS,
        )


def check_base() -> None:
    """Refuse a server that is away, too old, or cannot search in Russian."""
    try:
        connection.ensure_connection()
    except OperationalError as refusal:
        raise Problem(
            _(
                "The database does not answer (%(reason)s):"
                " check that it runs and that DATABASE_URL names its address, user and base."
            ),
            reason=str(refusal).strip().splitlines()[0],
        ) from refusal
    major = connection.cursor().connection.info.server_version // 10_000
    if major < OLDEST_POSTGRES:
        raise Problem(
            _("DATABASE_URL is PostgreSQL %(theirs)s, Voronka needs %(least)s or later."),
            theirs=major,
            least=OLDEST_POSTGRES,
        )
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT show_trgm('ё') <> '{}' AND lower('Ё') = 'ё'")
        row = cursor.fetchone()
    if not row or not row[0]:
        raise Problem(
            _(
                "The base of DATABASE_URL does not know Russian letters: make it anew with"
                " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8', or another UTF-8 locale."
            )
        )


def migrate() -> None:
    """Bring the base up to this code; two starts at once do it one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            refuse_newer_base()
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def refuse_newer_base() -> None:
    loader = MigrationLoader(connection)
    applied, known = set(loader.applied_migrations), set(loader.disk_migrations)
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    apps = {app for app, _name in known}
    unknown = sorted(key for key in applied - known - replaced if key[0] in apps)
    if unknown:
        raise Problem(
            _(
                "This base was made by a newer Voronka (%(migration)s is not known here):"
                " start that version, or restore a backup of this one."
            ),
            migration=".".join(unknown[0]),
        )


def keep_setup_key() -> None:
    """Have a key for /setup/ as long as there is no admin, and none from then on."""
    if get_user_model().objects.first_admin_is_missing():
        kept_secret(settings.SETUP_KEY_FILE, SETUP_KEY_BYTES)
    else:
        settings.SETUP_KEY_FILE.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
    sys.exit(0)
