"""The disk of base, files, backups and log is full for a while (TRUST R18)."""

import os
import subprocess
import time
from contextlib import contextmanager, suppress

import psycopg
import pytest

from crm_site.cluster import SUPERUSER
from crm_site.socket_path import DATABASE, PORT, socket_folder
from tests.faults.bases import connected
from tests.faults.ledger import Ledger
from tests.faults.person import Person
from tests.faults.report import of_ledger, tell
from tests.faults.running_site import DEMO_PASSWORD, RunningSite, alive

pytestmark = pytest.mark.slow_faults

MEGABYTES = 200
AROUND = 20  # deals acknowledged before and after
REFUSED = 20  # while it is full
SECONDS = 120


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=700", "none", folder]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root mounts a small disk, and not everywhere")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def small_site(small_disk):
    """A site whose data folder and log are on the small disk."""
    running = RunningSite(small_disk / "data", "--demo")
    try:
        yield running.start()
    finally:
        running.end()


@contextmanager
def full(folder):
    """Nothing more can be written to the disk of `folder`."""
    filling = folder / "filling"
    try:
        with filling.open("wb", buffering=0) as file:
            for size in (1_000_000, 4096, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue
        yield
    finally:
        filling.unlink()


def superuser(site):
    folder = str(socket_folder(site.data_folder)).replace("/", "%2F")
    return f"postgres://{SUPERUSER}@:{PORT}/{folder}/{DATABASE}"


def use_up_what_is_reserved(site):
    """Fill the pages that tables have in reserve."""
    with connected(superuser(site)) as base, suppress(psycopg.errors.DiskFull):
        base.execute("CREATE TABLE ballast AS SELECT repeat('x', 600) AS x FROM generate_series(1, 20000)")
        while True:
            base.execute("INSERT INTO ballast SELECT x FROM ballast")


def break_the_log(site):
    """Have PostgreSQL go on in the next file of its log of transactions until it ends for lack of room."""
    with suppress(psycopg.Error), connected(superuser(site)) as base:
        while True:
            base.execute("SELECT pg_switch_wal(), pg_logical_emit_message(true, 'full', repeat('x', 1000))")


def wait_for_refusals(ledger, site):
    """Wait until the writers were refused often, and by nothing but the 503 that says why."""
    wanted, deadline = ledger.refused + REFUSED, time.monotonic() + SECONDS
    while ledger.refused < wanted:
        assert ledger.surprise is None
        assert site.supervisor.poll() is None, site.log.read_text()[-600:]
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_full_disk_refuses_with_a_sentence_and_with_room_all_goes_on_without_a_hand(
    small_disk, small_site, capsys
):
    anna = Person(small_site, "anna@example.com", DEMO_PASSWORD)
    ledger = Ledger(anna)
    with ledger.writing():
        ledger.wait_for(AROUND, SECONDS)
        with full(small_disk):
            use_up_what_is_reserved(small_site)
            wait_for_refusals(ledger, small_site)
            assert anna.get("/deals/").status == 200
        ledger.wait_for(AROUND, SECONDS)
        postmaster = small_site.postmaster()
        with full(small_disk):
            break_the_log(small_site)
            wait_for_refusals(ledger, small_site)
            assert small_site.get("/health/live")[0] == 200
            assert not alive([postmaster])
        ledger.wait_for(AROUND, SECONDS)
    small_site.wait_until_ready(SECONDS)
    report = of_ledger("R18", f"disk of {MEGABYTES} MB full twice: tables, log of transactions", ledger)
    tell(capsys, report)
    assert report.is_clean
    assert ledger.without_answer == 0
    looked = "from django.core.management import call_command; call_command('check_base')"
    assert "the base is clean" in small_site.command(looked)
