"""A base that cannot be used is one plain sentence that says what to do."""

import os
import re
import subprocess
import sys
import uuid
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from crm_site.children import leave_root
from crm_site.cluster import SUPERUSER
from crm_site.unfit_bases import refuse_base_of_others
from tests.exchange.bases import looking_at
from tests.faults.bases import as_user, connected
from tests.faults.migrations import schema_of
from tests.faults.running_site import REPOSITORY, RunningSite, environment, refusal_of_start

STRANGER_UID = 12345
CARELESS = re.compile("The PostgreSQL of the base runs with fsync, full_page_writes, synchronous_commit off:")


@pytest.fixture
def stranger():
    """A role of the server that owns nothing."""
    name = f"stranger_{uuid.uuid4().hex[:8]}"
    with connected(as_user(os.environ["DATABASE_URL"], SUPERUSER), "postgres") as server:
        server.execute(f"CREATE ROLE {name} LOGIN")
        yield name
        server.execute(f"DROP ROLE {name}")


def name_of(url):
    return url.rpartition("/")[2]


def tables(url):
    """What a base holds, its extensions too."""
    with connected(url) as base:
        return base.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " UNION SELECT extname FROM pg_extension ORDER BY 1"
        ).fetchall()


def run(folder, *command, **settings):
    return subprocess.run(
        [sys.executable, *command],
        cwd=REPOSITORY,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
    )


def prepared(folder, url):
    """Make the base at `url` ready, without the rest of a start; return its code and what it said.

    That the server of the tests is careless is said each time, and left out.
    """
    done = run(folder, "-m", "crm_site.prepare", DATABASE_URL=url)
    said = done.stderr.splitlines()
    careless = [line for line in said if CARELESS.match(line)]
    assert len(careless) == (done.returncode == 0), said
    return done.returncode, [line for line in said if line not in careless]


def refusal_of(folder, *command, **settings):
    """Run it there, see that it is refused as it should be, and return the sentence."""
    ended = run(folder, *command, **settings)
    assert ended.returncode == 1, ended
    [sentence] = ended.stderr.strip().splitlines()
    return sentence


def refusal_of_base(folder, **settings):
    """The sentence with which a start would end, from the part of it that makes the base ready."""
    return refusal_of(folder, "-m", "crm_site.prepare", **settings)


@contextmanager
def away(url):
    """The base at `url` takes no connections until the end of the block."""
    name = name_of(url)
    with connected(os.environ["DATABASE_URL"], "postgres") as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_a_folder_that_cannot_be_written(tmp_path):
    folder = tmp_path / "read-only"
    folder.mkdir(mode=0o555)
    tmp_path.chmod(0o755)
    become = None
    if os.getuid() == 0:  # root writes everywhere, unless it is root by name only
        os.chown(folder, STRANGER_UID, STRANGER_UID)
        become = leave_root
    sentence = refusal_of_start(folder, preexec_fn=become)
    assert str(folder) in sentence
    assert "CRM_DATA_DIR" in sentence


def test_a_folder_of_a_newer_postgresql(tmp_path):
    (tmp_path / "postgres").mkdir(mode=0o700)
    (tmp_path / "postgres/PG_VERSION").write_text("99\n")
    sentence = refusal_of_start(tmp_path)
    assert "PostgreSQL 99" in sentence


def test_a_folder_whose_base_lost_its_beginning(tmp_path):
    (tmp_path / "postgres/base").mkdir(mode=0o700, parents=True)
    sentence = refusal_of_start(tmp_path)
    assert "damaged" in sentence
    assert "PG_VERSION" in sentence


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m", "none", folder]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root mounts a small disk, and not everywhere")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_disk_without_room_for_a_base(small_disk):
    assert f"The disk of {small_disk} is full" in refusal_of_start(small_disk)


def test_a_disk_without_any_room(small_disk):
    fill = ["dd", "if=/dev/zero", f"of={small_disk / 'filling'}", "bs=4096"]
    assert subprocess.run(fill, capture_output=True).returncode != 0
    assert f"The disk of {small_disk} is full" in refusal_of_start(small_disk)


NOWHERE = "postgres://nobody@127.0.0.1:1/nothing"


def test_a_database_that_does_not_answer(tmp_path):
    sentence = refusal_of_start(tmp_path, DATABASE_URL=NOWHERE)
    assert "DATABASE_URL" in sentence


def test_a_command_whose_database_does_not_answer(tmp_path):
    sentence = refusal_of(tmp_path, "manage.py", "migrate", DATABASE_URL=NOWHERE)
    assert "The database does not answer" in sentence


def test_a_command_on_a_base_that_no_start_has_made_ready(tmp_path, make_base):
    command = ("import_file", "deals.csv", "--mapping", "b2b-deals.toml", "--as", "anna@example.com")
    assert "start the site once" in refusal_of(tmp_path, "manage.py", *command, DATABASE_URL=make_base())


@pytest.mark.parametrize("url", ["nonsense", "postgres://", "mysql://here/there"])
def test_a_database_url_that_is_none(tmp_path, url):
    assert "DATABASE_URL" in refusal_of_start(tmp_path, DATABASE_URL=url)


@pytest.mark.parametrize("url", [f"postgres:///{'long' * 20}", "postgres:///base?no_such_option=1"])
def test_a_database_url_that_no_connection_can_be_made_of(tmp_path, url):
    assert "DATABASE_URL" in refusal_of_base(tmp_path, DATABASE_URL=url)


def test_a_user_who_may_make_nothing_in_the_base(tmp_path, make_base, stranger):
    sentence = refusal_of_base(tmp_path, DATABASE_URL=as_user(make_base(), stranger))
    assert "owner of the base" in sentence
    assert "permission denied" in sentence


@pytest.mark.parametrize("table", ["accounts_user", "orders"])
def test_a_base_with_something_else_in_it_is_left_as_it_is(tmp_path, make_base, table):
    url = make_base("", f"CREATE TABLE {table} (id int)")
    before = tables(url)
    assert f"(the table {table})" in refusal_of_base(tmp_path, DATABASE_URL=url)
    assert tables(url) == before


def test_the_base_of_another_site_made_with_django_is_left_as_it_is(tmp_path, make_base):
    url = make_base(
        "",
        "CREATE TABLE django_migrations (id int, app text, name text, applied timestamptz)",
        "INSERT INTO django_migrations VALUES (1, 'accounts', '0001_initial', now())",
        "CREATE TABLE accounts_user (id int)",
        "CREATE TABLE shop_order (id int)",
    )
    before = tables(url)
    assert "(the table shop_order)" in refusal_of_base(tmp_path, DATABASE_URL=url)
    assert tables(url) == before


def test_what_extensions_brought_and_a_first_start_cut_off_are_no_reason_to_refuse(
    make_base, django_db_blocker
):
    url = make_base("", "CREATE EXTENSION citext", "CREATE EXTENSION pg_trgm")
    with connected(as_user(url, SUPERUSER)) as base:
        base.execute("CREATE EXTENSION pg_stat_statements")
    with django_db_blocker.unblock(), looking_at(name_of(url)), connection.cursor() as cursor:
        for cut_off in (None, ("accounts", "0001_initial")):
            if cut_off:
                call_command("migrate", *cut_off, verbosity=0)
            refuse_base_of_others(cursor, MigrationLoader(connection))
    assert ("accounts_user",) in tables(url)


def test_migrations_that_were_cut_off_are_done_again(tmp_path, migrated_base):
    before = schema_of(migrated_base)
    with connected(migrated_base) as base:  # as if the kill came between the last step of 0011 and its record
        base.execute("DELETE FROM django_migrations WHERE app = 'deals' AND name >= '0011'")
    assert prepared(tmp_path, migrated_base) == (0, [])
    assert schema_of(migrated_base) == before


def test_a_base_that_is_only_read(tmp_path, make_base):
    url = make_base()
    with connected(url, "postgres") as server:
        server.execute(f"ALTER DATABASE {name_of(url)} SET default_transaction_read_only = on")
    assert "for reading only" in refusal_of_base(tmp_path, DATABASE_URL=url)


def test_a_superuser_is_told_that_less_would_do_and_may_go_on(tmp_path, migrated_base):
    code, [sentence] = prepared(tmp_path, as_user(migrated_base, SUPERUSER))
    assert code == 0
    assert "superuser" in sentence


def test_a_database_that_does_not_know_russian_letters(tmp_path, make_base):
    url = make_base("TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'")
    sentence = refusal_of_base(tmp_path, DATABASE_URL=url)
    assert "Russian letters" in sentence


def test_debug_and_a_short_secret_key(tmp_path):
    assert "DEBUG shows the code" in refusal_of_base(tmp_path, DEBUG="1")
    assert "DEBUG is 1 or 0" in refusal_of_start(tmp_path, DEBUG="nonsense")
    assert "SECRET_KEY" in refusal_of_base(tmp_path, SECRET_KEY="short")


def test_a_server_of_ones_own_may_be_away_and_its_base_of_a_newer_version_is_refused(tmp_path, migrated_base):
    site = RunningSite(tmp_path / "own", DATABASE_URL=migrated_base)
    try:
        site.start()
        assert not (tmp_path / "own/postgres").exists()
        with away(migrated_base):
            assert site.get("/health/live")[0] == 200
            assert site.get("/health/ready")[0] == 503
            assert site.get("/accounts/login/")[0] == 503
        site.wait_until_ready()
        site.stop()
    finally:
        site.end()
    with connected(migrated_base) as base:
        base.execute("INSERT INTO django_migrations VALUES (DEFAULT, 'deals', '9999_from_the_future', now())")
    assert "9999_from_the_future" in refusal_of_base(tmp_path / "own", DATABASE_URL=migrated_base)
