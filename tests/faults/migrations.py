"""Bases that are brought up to this code while somebody ends it half way (TRUST R22)."""

import subprocess
import sys
import time

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.faults.bases import connected
from tests.faults.running_site import REPOSITORY, START_SECONDS, environment

# All that migrations make, in the words of the catalogue; what an extension brought is not theirs.
SCHEMA = """
SELECT 'column', attrelid::regclass::text, attname || ' ' || format_type(atttypid, atttypmod) || attnotnull
    || coalesce(pg_get_expr(adbin, adrelid), '')
FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
JOIN pg_class ON pg_class.oid = attrelid
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'index', indrelid::regclass::text, pg_get_indexdef(indexrelid) || indisvalid
FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = 'public'::regnamespace
    AND indexrelid::regclass::text NOT LIKE 'own_value_%'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname || pg_get_constraintdef(oid) || convalidated
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function', proname, md5(prosrc) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
ORDER BY 1, 2, 3
"""
APPLIED = "SELECT app || '.' || name FROM django_migrations"
HAS_BEGUN = "SELECT to_regclass('django_migrations') IS NOT NULL"


def how_many_there_are():
    return len(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def begin(folder, url):
    """Begin what each start does first: to make the base at `url` ready."""
    return subprocess.Popen(
        [sys.executable, "-m", "crm_site.prepare"],
        cwd=REPOSITORY,
        env=environment(folder, DATABASE_URL=url),
        stderr=subprocess.PIPE,
        text=True,
    )


def applied(url):
    with connected(url) as base:
        if base.execute(HAS_BEGUN).fetchone() == (False,):
            return []
        return [name for (name,) in base.execute(APPLIED)]


def kill_after(start, url, count):
    """Kill `start` as soon as so many migrations are done."""
    deadline = time.monotonic() + START_SECONDS
    while len(applied(url)) < count:
        assert start.poll() is None, start.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    start.kill()
    start.communicate()


def schema_of(url):
    with connected(url) as base:
        return base.execute(SCHEMA).fetchall()


def undisturbed_schema():
    """That of the base of the tests, which nobody disturbed."""
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA)
        return cursor.fetchall()
