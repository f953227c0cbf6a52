"""A backup made while people work, restored into an empty folder, is the base of its moment (R19, R20)."""

import json
import subprocess
import sys

import pytest

from crm_site.backup import archive
from crm_site.base import running_or_own
from tests.exchange.bases import hashes
from tests.faults.ledger import NOTHING_WRONG, Ledger
from tests.faults.person import Person
from tests.faults.running_site import (
    DEMO_PASSWORD,
    REPOSITORY,
    START_SECONDS,
    RunningSite,
    copy_data_folder,
    environment,
)

DEALS = 20_000  # more than 100,000 rows with their stays, events, contacts


def manage(data_folder, *arguments):
    """Run `manage.py` on `data_folder`, as from a shell."""
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=REPOSITORY,
        env=environment(data_folder),
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
    )


def done(data_folder, *arguments):
    ended = manage(data_folder, *arguments)
    assert ended.returncode == 0, ended
    return ended.stdout


def refused(data_folder, *arguments):
    """The one sentence with which it was refused."""
    ended = manage(data_folder, *arguments)
    assert ended.returncode == 1, ended
    [sentence] = ended.stderr.strip().splitlines()
    return sentence


@pytest.fixture(scope="module")
def big_site(private_folder, started_folder):
    """A running site with more than 100,000 rows, and a person of it."""
    running = RunningSite(private_folder / "big")
    copy_data_folder(started_folder, running.data_folder)
    done(running.data_folder, "generate", "--deals", DEALS)
    try:
        yield running.start()
    finally:
        running.end()


@pytest.fixture(scope="module")
def seller(big_site):
    return Person(big_site, "seller0@example.com", DEMO_PASSWORD)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("backups")


@pytest.fixture(scope="module")
def quiet_backup(big_site, folder):
    """A backup of a moment at which nobody wrote."""
    (big_site.data_folder / "files/ab").mkdir(parents=True)
    (big_site.data_folder / "files/ab/cd").write_bytes(b"what somebody uploaded")
    done(big_site.data_folder, "backup", folder / "quiet.tar")
    return folder / "quiet.tar"


@pytest.fixture(scope="module")
def small_backup(demo_folder, folder):
    """A backup of the small demo, for what is refused or proven whatever is in it."""
    data_folder = folder / "demo"
    copy_data_folder(demo_folder, data_folder)
    done(data_folder, "backup", folder / "small.tar")
    return folder / "small.tar"


def business(site):
    """The hashes of all tables but those of jobs and sessions, which differ with each look."""
    with site.base() as base:
        found = hashes(base)
    return {table: found for table, found in found.items() if not table.startswith("procrastinate_")}


def test_what_is_restored_is_row_for_row_what_was_backed_up(big_site, quiet_backup, tmp_path):
    before = business(big_site)
    assert big_site.rows("SELECT count(*) FROM deals_stagehistory") > [(DEALS,)]
    restored = RunningSite(tmp_path / "data")
    assert "start Voronka" in done(restored.data_folder, "restore", quiet_backup)
    try:
        restored.start()
        assert business(restored) == before
        assert (restored.data_folder / "files/ab/cd").read_bytes() == b"what somebody uploaded"
        assert "the base is clean" in done(restored.data_folder, "check_base")
        # somebody logs in and makes a deal: the numbers go on
        ledger = Ledger(Person(restored, "seller0@example.com", DEMO_PASSWORD))
        with ledger.writing():
            ledger.wait_for(3)
        assert ledger.balance() == NOTHING_WRONG
    finally:
        restored.end()


def test_a_backup_made_while_people_write_is_one_moment(seller, big_site, folder, tmp_path):
    ledger, path = Ledger(seller), folder / "busy.tar"
    with ledger.writing():
        ledger.wait_for(5)
        before = set(ledger.acknowledged)
        done(big_site.data_folder, "backup", path)
        ledger.wait_for(5)
    restored = RunningSite(tmp_path / "data")
    done(restored.data_folder, "restore", path)
    with running_or_own(restored.data_folder):
        balance = ledger.balance(restored)
    assert not before & balance.lost
    assert balance.lost  # those made after its moment
    assert (balance.duplicate, balance.torn) == (frozenset(), frozenset())


def test_a_backup_with_one_flipped_byte_is_refused_and_nothing_is_touched(small_backup, tmp_path):
    damaged, target = tmp_path / "damaged.tar", tmp_path / "data"
    content = bytearray(small_backup.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    assert "damaged" in refused(target, "restore", damaged)
    assert "damaged" in refused(target, "verify_backup", damaged)
    assert not target.exists()


def test_a_backup_of_a_newer_voronka_is_refused(small_backup, tmp_path):
    other = tmp_path / "newer.tar"
    change(small_backup, other, lambda manifest: manifest["migrations"].append("deals.9999_of_tomorrow"))
    sentence = refused(tmp_path / "data", "restore", other)
    assert "newer Voronka" in sentence
    assert "deals.9999_of_tomorrow" in sentence


def test_a_backup_of_another_postgresql_is_refused(small_backup, tmp_path):
    other = tmp_path / "other.tar"
    change(small_backup, other, lambda manifest: manifest.update(postgres=17))
    assert "PostgreSQL 17" in refused(tmp_path / "data", "restore", other)


def test_rows_that_do_not_arrive_are_found_and_the_folder_is_left_empty(small_backup, tmp_path):
    other, target = tmp_path / "fewer.tar", tmp_path / "data"
    change(small_backup, other, lambda manifest: manifest["tables"]["deals_deal"].update(rows=1))
    assert "deals_deal" in refused(target, "restore", other)
    assert not (target / "postgres").exists()


def test_a_folder_that_has_a_base_is_never_restored_into(big_site, small_backup):
    assert "is running already" in refused(big_site.data_folder, "restore", small_backup)


def test_a_backup_never_overwrites_another(big_site, small_backup):
    assert "is there already" in refused(big_site.data_folder, "backup", small_backup)


def test_a_backup_is_proven_by_restoring_it_into_a_second_postgresql(small_backup, tmp_path):
    assert "was restored and is good" in done(tmp_path / "data", "verify_backup", "--fully", small_backup)
    assert [path.name for path in small_backup.parent.iterdir() if path.name.startswith("proof-")] == []


def test_a_proof_that_fails_is_kept_beside_the_backup(small_backup, tmp_path):
    other = tmp_path / "fewer.tar"
    change(small_backup, other, lambda manifest: manifest["tables"]["deals_deal"].update(rows=1))
    done(tmp_path / "data", "verify_backup", "--fully", "--keep", other)
    assert "deals_deal" in json.loads(other.with_suffix(".json").read_text())["sentence"]


def change(backup, other, how):
    """Write `backup` again as `other`, with its manifest (a dict) changed by `how`."""
    with archive.opened(backup) as source, archive.writing(other) as target:
        for member in source.getmembers():
            part = source.extractfile(member)
            assert part
            content = part.read()
            if member.name == archive.MANIFEST:
                said = json.loads(content)
                how(said)
                content = json.dumps(said).encode()
            archive.add_bytes(target, member.name, content)
