"""Whatever part is killed with -9 while people write, what was acknowledged is there afterwards (R2)."""

import os
import stat

import pytest

from tests.faults.ledger import NOTHING_WRONG, Ledger
from tests.faults.running_site import alive

BEFORE = AFTER = 30  # deals acknowledged on either side of the kill


@pytest.fixture
def ledger(anna):
    return Ledger(anna)


def test_the_folder_is_closed_to_others_and_still_its_starters(site):
    assert stat.S_IMODE(site.data_folder.parent.stat().st_mode) == 0o700
    for path in (site.data_folder, site.data_folder / "postgres", site.data_folder / "secret.key"):
        assert path.stat().st_uid == os.getuid()
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_the_balance_sees_what_is_lost_doubled_or_torn(site, ledger):
    with ledger.writing():
        ledger.wait_for(4)
    torn, doubled, other = sorted(ledger.acknowledged)[:3]
    site.rows(
        "DELETE FROM records_event WHERE deal_id = (SELECT id FROM deals_deal WHERE title = %s) RETURNING id",
        [torn],
    )
    site.rows("UPDATE deals_deal SET title = %s WHERE title = %s RETURNING id", [doubled, other])
    balance = ledger.balance()
    assert (balance.torn, balance.duplicate, balance.lost) == ({torn}, {doubled}, {other})


def test_a_killed_gunicorn_comes_back_and_loses_nothing(site, ledger):
    with ledger.writing():
        ledger.wait_for(BEFORE)
        workers = site.gunicorn().children()
        site.gunicorn().kill()
        ledger.wait_for(AFTER)
    assert not alive(workers)
    assert ledger.balance() == NOTHING_WRONG


def test_a_killed_postmaster_comes_back_and_loses_nothing(site, ledger):
    with ledger.writing():
        ledger.wait_for(BEFORE)
        killed = site.postmaster()
        killed.kill()
        ledger.wait_for(AFTER)
    assert site.postmaster() != killed
    assert ledger.balance() == NOTHING_WRONG


def test_all_of_postgresql_killed_at_once_and_again_while_it_recovers_loses_nothing(site, ledger):
    with ledger.writing():
        ledger.wait_for(BEFORE)
        postmaster = site.postmaster()
        for process in [postmaster, *postmaster.children()]:
            process.kill()
        site.wait_for_another_postmaster(postmaster).kill()
        ledger.wait_for(AFTER)
    assert ledger.balance() == NOTHING_WRONG


def test_a_killed_supervisor_takes_all_along_and_the_next_start_recovers(site, ledger):
    with ledger.writing():
        ledger.wait_for(BEFORE)
        parts = site.processes()
        site.supervisor.kill()
        site.supervisor.wait()
        site.start()
        ledger.wait_for(AFTER)
    assert not alive(parts)
    assert ledger.balance() == NOTHING_WRONG


def test_a_recovery_that_is_killed_is_begun_again(site, ledger):
    with ledger.writing():
        ledger.wait_for(BEFORE)
        postmaster = site.postmaster()
        postmaster.kill()
        site.wait_for_recovery(site.wait_for_another_postmaster(postmaster)).kill()
        ledger.wait_for(AFTER)
    assert ledger.balance() == NOTHING_WRONG
