"""Make the base ready for this code, before anyone is let in: `python -m crm_site.prepare [--demo DATA]`.

The supervisor runs it as a child at each start; a site of several machines runs it once, on any of them.
"""

import argparse
import os
import sys
import time
from datetime import UTC, datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_site.settings")
os.environ["CRM_SERVES_PAGES"] = ""

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.db import DatabaseError, InterfaceError, connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from crm_site import cut_off_migrations, unfit_bases  # noqa: E402
from crm_site.backup.make import make, name_of  # noqa: E402
from crm_site.problems import Problem, give_up, in_terminal_language, say  # noqa: E402
from crm_site.problems import gettext_noop as _  # noqa: E402
from crm_site.secret_files import kept_secret  # noqa: E402

MIGRATION_LOCK = 0x766F726F6E6B61  # "voronka"; PostgreSQL's advisory locks are named by a number
LOCK_LOOK_SECONDS = 0.2
SECRET_KEY_MIN_CHARACTERS = 50  # Django's own check
SETUP_KEY_BYTES = 9  # 12 characters, typed by hand once


def main() -> None:
    """Do it, or end with a sentence and code 1 for whatever the base, its server or a setting refuses."""
    parser = argparse.ArgumentParser(prog="python -m crm_site.prepare")
    parser.add_argument(
        "--demo", metavar="DATA", help="also make the demo company of DATA ('' is the small one)"
    )
    demo = parser.parse_args().demo
    try:
        refuse_unsafe_settings()
        django.setup()
        prepare_base()
        if demo is not None:
            call_command("demo", data=demo)
        keep_setup_key()
        warn_of_mighty_user()
        warn_of_careless_server()
    except Problem as problem:
        give_up(problem)
    except CommandError as refusal:
        sys.exit(str(refusal))  # to stderr, code 1
    except (DatabaseError, InterfaceError) as refusal:
        give_up(unfit_bases.refused(refusal))


def refuse_unsafe_settings() -> None:
    """Refuse what is fit for developing only (TRUST S41). Raises Problem."""
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


def prepare_base() -> None:
    """Bring the base up to this code; two starts at once do it one after the other.

    Raises Problem before anything is written if the base cannot be used.
    """
    unfit_bases.connect()
    with connection.cursor() as cursor:
        unfit_bases.refuse_unfit_server(cursor)
        wait_for_migration_lock(cursor)
        try:
            executor = MigrationExecutor(connection)
            migrations = executor.loader
            unfit_bases.refuse_base_of_others(cursor, migrations)
            unfit_bases.refuse_newer_base(migrations)
            unfit_bases.refuse_without_russian(cursor)
            if plan := executor.migration_plan(migrations.graph.leaf_nodes()):
                back_up_before_migrating(cursor)
                cut_off_migrations.clear(cursor, plan)
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def wait_for_migration_lock(cursor) -> None:
    """Take the lock of those who migrate, asking for it again and again.

    Whoever waits inside of a statement keeps its snapshot, and CREATE INDEX CONCURRENTLY of the one who has
    the lock waits for that: PostgreSQL would end one of the two as a deadlock.
    """
    while True:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATION_LOCK])
        if cursor.fetchone() == (True,):
            return
        time.sleep(LOCK_LOOK_SECONDS)


def back_up_before_migrating(cursor) -> None:
    """Make a backup before an upgrade's migrations; a base without a company has nothing to lose."""
    cursor.execute("SELECT to_regclass('accounts_company') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return
    cursor.execute("SELECT EXISTS (SELECT FROM accounts_company)")
    if not cursor.fetchone()[0]:
        return
    name = datetime.now(UTC).strftime(name_of("before-"))
    say(_("The base is brought up to this version; before that it is backed up: %(file)s."), file=name)
    make(settings.BACKUP_FOLDER / name)


def keep_setup_key() -> None:
    """Have a key for /setup/ as long as there is no admin, and none from then on."""
    if get_user_model().objects.first_admin_is_missing():
        kept_secret(settings.SETUP_KEY_FILE, SETUP_KEY_BYTES)
    else:
        settings.SETUP_KEY_FILE.unlink(missing_ok=True)


def warn_of_mighty_user() -> None:
    """Say that a plain owner of the base would do, where the site's user may do more (TRUST S33).

    No refusal: a small company uses the server it has, and often one user in it.
    """
    with connection.cursor() as cursor:
        if not unfit_bases.is_mighty_user(cursor):
            return
    sentence = _(
        "The user of DATABASE_URL may do more on its server than Voronka needs (superuser or alike):"
        " a plain owner of the base is safer."
    )
    sys.stderr.write(in_terminal_language(sentence) + "\n")


def warn_of_careless_server() -> None:
    """Say that the server may lose what it said was saved. No refusal: it may be a trial's on purpose."""
    with connection.cursor() as cursor:
        names = unfit_bases.switched_off(cursor)
    if names:
        sentence = _(
            "The PostgreSQL of the base runs with %(names)s off: a power cut can lose what was saved,"
            " or damage the base. Switch it on."
        )
        sys.stderr.write(in_terminal_language(sentence, names=", ".join(names)) + "\n")


if __name__ == "__main__":
    main()
    sys.exit(0)
