"""A base that cannot be used is one plain sentence that says what to do."""

import os
import re
import subprocess
import sys
import uuid
from contextlib import contextmanager

import pytest

from crm_site.children import leave_root
from crm_site.cluster import SUPERUSER
from tests.faults.bases import as_user, connected
from tests.faults.running_site import REPOSITORY, RunningSite, environment, refusal_of_start

STRANGER_UID = 12345
CARELESS = re.compile("The PostgreSQL of the base runs with fsync, full_page_writes, synchronous_commit off:")


@pytest.fixture
def stranger():
    """A role of the server that owns nothing."""
    name = f"stranger_{uuid.uuid4().hex[:8]}"
    with connected(as_user(os.environ["DATABASE_URL"], SUPERUSER), "postgres") as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
        yield name
        connection.execute(f"DROP ROLE {name}")


def tables(url):
    """What a base holds, its extensions too."""
    with connected(url) as connection:
        return connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " UNION SELECT extname FROM pg_extension ORDER BY 1"
        ).fetchall()


def prepared(folder, url):
    """Make the base at `url` ready, without the rest of a start; return its code and what it said.

    That the server of the tests is careless is said each time, and left out.
    """
    done = subprocess.run(
        [sys.executable, "-m", "crm_site.prepare"],
        cwd=REPOSITORY,
        env=environment(folder, DATABASE_URL=url),
        capture_output=True,
        text=True,
    )
    said = done.stderr.splitlines()
    careless = [line for line in said if CARELESS.match(line)]
    assert len(careless) == (done.returncode == 0), said
    return done.returncode, [line for line in said if line not in careless]


def refusal_of_command(folder, url, *command):
    """Run `manage.py` there, see that it is refused as it should be, and return the sentence."""
    ended = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=REPOSITORY,
        env=environment(folder, DATABASE_URL=url),
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1, ended
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    return ended.stderr.strip()


@contextmanager
def away(url):
    """The base at `url` takes no connections until the end of the block."""
    name = url.rpartition("/")[2]
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


@pytest.mark.parametrize(
    "command", [("migrate",), ("shell", "-c", "from accounts.models import User; User.objects.first()")]
)
def test_a_command_whose_database_does_not_answer(tmp_path, command):
    assert "The database does not answer" in refusal_of_command(tmp_path, NOWHERE, *command)


def test_a_command_on_a_base_that_no_start_has_made_ready(tmp_path, make_base):
    command = ("import_file", "deals.csv", "--mapping", "b2b-deals.toml", "--as", "anna@example.com")
    assert "start the site once" in refusal_of_command(tmp_path, make_base(), *command)


@pytest.mark.parametrize("url", ["nonsense", "postgres://", "mysql://here/there"])
def test_a_database_url_that_is_none(tmp_path, url):
    assert "DATABASE_URL" in refusal_of_start(tmp_path, DATABASE_URL=url)


@pytest.mark.parametrize("url", [f"postgres:///{'long' * 20}", "postgres:///base?no_such_option=1"])
def test_a_database_url_that_no_connection_can_be_made_of(tmp_path, url):
    assert "DATABASE_URL" in refusal_of_start(tmp_path, DATABASE_URL=url)


def test_a_user_who_may_make_nothing_in_the_base(tmp_path, make_base, stranger):
    sentence = refusal_of_start(tmp_path, DATABASE_URL=as_user(make_base(), stranger))
    assert "owner of the base" in sentence
    assert "permission denied" in sentence


@pytest.mark.parametrize("table", ["accounts_user", "orders"])
def test_a_base_with_something_else_in_it_is_left_as_it_is(tmp_path, make_base, table):
    url = make_base("", f"CREATE TABLE {table} (id int)")
    before = tables(url)
    assert f"(the table {table})" in refusal_of_start(tmp_path, DATABASE_URL=url)
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
    assert "(the table shop_order)" in refusal_of_start(tmp_path, DATABASE_URL=url)
    assert tables(url) == before


def test_what_extensions_brought_and_a_first_start_cut_off_are_no_reason_to_refuse(tmp_path, make_base):
    url = make_base("", "CREATE EXTENSION citext", "CREATE EXTENSION pg_trgm")
    with connected(as_user(url, SUPERUSER)) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements")
    command = [sys.executable, "manage.py", "migrate", "accounts", "0001_initial"]
    subprocess.run(command, cwd=REPOSITORY, env=environment(tmp_path, DATABASE_URL=url), check=True)
    assert prepared(tmp_path, url) == (0, [])


def test_migrations_that_were_cut_off_are_done_again(tmp_path, make_base):
    url = make_base()
    command = [sys.executable, "manage.py", "migrate", "deals", "0003_board_reads_what_needs_attention"]
    subprocess.run(command, cwd=REPOSITORY, env=environment(tmp_path, DATABASE_URL=url), check=True)
    with connected(url) as connection:  # what 0004 and 0011 make
        connection.execute("CREATE INDEX deal_open_by_amount ON deals_deal (amount)")
        name = "deal_stay_says_what_was_before"
        connection.execute(f"ALTER TABLE deals_stagehistory ADD CONSTRAINT {name} CHECK (true) NOT VALID")
    assert prepared(tmp_path, url) == (0, [])


def test_a_base_that_is_only_read(tmp_path, make_base):
    url = make_base()
    with connected(url, "postgres") as connection:
        name = url.rpartition("/")[2]
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert "for reading only" in refusal_of_start(tmp_path, DATABASE_URL=url)


def test_a_superuser_is_told_that_less_would_do_and_may_go_on(tmp_path, make_base):
    url = make_base()
    code, [sentence] = prepared(tmp_path, as_user(url, SUPERUSER))
    assert code == 0
    assert "superuser" in sentence


def test_a_database_that_does_not_know_russian_letters(tmp_path, make_base):
    url = make_base("TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'")
    sentence = refusal_of_start(tmp_path, DATABASE_URL=url)
    assert "Russian letters" in sentence


def test_debug_and_a_short_secret_key(tmp_path):
    assert "DEBUG" in refusal_of_start(tmp_path, DEBUG="1")
    assert "DEBUG is 1 or 0" in refusal_of_start(tmp_path, DEBUG="nonsense")
    assert "SECRET_KEY" in refusal_of_start(tmp_path, SECRET_KEY="short")


def test_a_server_of_ones_own_may_be_away_and_its_base_of_a_newer_version_is_refused(tmp_path, make_base):
    url = make_base()
    site = RunningSite(tmp_path / "own", DATABASE_URL=url)
    try:
        site.start()
        assert not (tmp_path / "own/postgres").exists()
        with away(url):
            assert site.get("/health/live")[0] == 200
            assert site.get("/health/ready")[0] == 503
            assert site.get("/accounts/login/")[0] == 503
        site.wait_until_ready()
        site.command(
            "from django.db.migrations.recorder import MigrationRecorder as Recorder;"
            "from django.db import connection;"
            "Recorder(connection).record_applied('deals', '9999_from_the_future')"
        )
        site.stop()
    finally:
        site.end()
    assert "9999_from_the_future" in refusal_of_start(tmp_path / "own", DATABASE_URL=url)
