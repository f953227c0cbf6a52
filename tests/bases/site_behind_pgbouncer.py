"""A whole site whose pages go through PgBouncer and whose worker goes past it; `on_debian.sh` runs this."""

import os

import psycopg
import pytest
from environ import Env

from tests.faults.ledger import NOTHING_WRONG, Ledger
from tests.faults.person import Person
from tests.faults.running_site import DEMO_PASSWORD, RunningSite

DEALS = 50


def connected(url):
    asked = Env.db_url_config(url)
    return psycopg.connect(
        host=asked["HOST"], port=asked["PORT"], user=asked["USER"], dbname=asked["NAME"], autocommit=True
    )


class SiteBehindPgBouncer(RunningSite):
    def base(self):
        return connected(self.environment["DATABASE_URL_DIRECT"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    urls = {name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_URL_DIRECT")}
    running = SiteBehindPgBouncer(tmp_path_factory.mktemp("behind") / "site", "--demo", **urls)
    try:
        yield running.start()  # ready: the base, its migrations and the worker
    finally:
        running.end()


def test_people_write_through_it_and_nothing_is_lost(site):
    ledger = Ledger(Person(site, "anna@example.com", DEMO_PASSWORD))
    with ledger.writing():
        ledger.wait_for(DEALS, 120)
    assert ledger.balance() == NOTHING_WRONG
    assert ledger.refused == 0


def test_the_limits_of_a_query_are_those_of_its_connect_query(site):
    with connected(site.environment["DATABASE_URL"]) as base:
        assert base.execute("SHOW statement_timeout").fetchone() == ("8s",)


def test_a_backup_goes_past_it(site):
    said = site.command(
        "from crm_site.backup.make import make; from pathlib import Path\n"
        f"print(make(Path({str(site.data_folder)!r}) / 'trial.tar').rows)"
    )
    assert int(said) > DEALS
