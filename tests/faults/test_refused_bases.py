"""A base that cannot be used is one plain sentence that says what to do."""

import os
import uuid
from contextlib import contextmanager

import psycopg
import pytest

from crm_site.children import leave_root
from tests.faults.running_site import RunningSite, refusal_of_start

STRANGER_UID = 12345


@pytest.fixture
def make_base():
    """Make a base in the PostgreSQL of the tests with these options; gives its DATABASE_URL."""
    server = os.environ["DATABASE_URL"]
    made = []

    def make(options=""):
        name = f"base_{uuid.uuid4().hex[:8]}"
        with psycopg.connect(**_parameters(server), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {options}")
        made.append(name)
        return server.rpartition("/")[0] + "/" + name

    yield make
    with psycopg.connect(**_parameters(server), autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def away(url):
    """The base at `url` takes no connections until the end of the block."""
    name = url.rpartition("/")[2]
    with psycopg.connect(**_parameters(os.environ["DATABASE_URL"]), autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def _parameters(url):
    from environ import Env

    parts = Env.db_url_config(url)
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    return {ours: parts[theirs] for ours, theirs in names.items() if parts[theirs]} | {"dbname": "postgres"}


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


def test_a_database_that_does_not_answer(tmp_path):
    sentence = refusal_of_start(tmp_path, DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing")
    assert "DATABASE_URL" in sentence


def test_a_database_url_that_is_none(tmp_path):
    assert "DATABASE_URL" in refusal_of_start(tmp_path, DATABASE_URL="mysql://here/there")


def test_a_database_that_does_not_know_russian_letters(tmp_path, make_base):
    url = make_base("TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'")
    sentence = refusal_of_start(tmp_path, DATABASE_URL=url)
    assert "Russian letters" in sentence


def test_debug_and_a_short_secret_key(tmp_path):
    assert "DEBUG" in refusal_of_start(tmp_path, DEBUG="1")
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
