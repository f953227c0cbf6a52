"""A fresh clone brings the real data in by one command, cut off or not, and shows it (proof b)."""

import os
import re
import subprocess
import sys
import time

import psutil
import psycopg
import pytest

from crm_site.base import running_or_own
from tests.browser.conftest import browser_context_args, browser_type_launch_args  # noqa: F401  Chromium as always
from tests.exchange.bases import hashes
from tests.faults.running_site import (
    DEMO_PASSWORD,
    REPOSITORY,
    START_SECONDS,
    RunningSite,
    base_in,
    copy_data_folder,
    environment,
    holder,
)

ENGAGING = {"2017-03-31": "1,330", "2017-06-30": "1,686", "2017-09-30": "2,409", "2017-12-31": "1,589"}
CUT_OFF_AT = 2500  # rows of 8,800: in the middle of the third batch
# Jobs and those who work on them differ with the moment of each look; they are no part of the import.
NO_BUSINESS = re.compile("procrastinate_")


class Demo(RunningSite):
    hashes_at_start: dict
    starter = ("make", "--silent", "demo", "DATA=b2b")

    def __init__(self, clone, data_folder):
        super().__init__(data_folder, UV_OFFLINE="1")
        self.repository = clone

    def kill_supervisor(self):
        """Kill -9 the supervisor, which make waits for."""
        psutil.Process(holder(self.data_folder)["pid"]).kill()
        assert self.supervisor.wait(20) != 0

    def wait_for_rows(self, count):
        """Wait until so many deals of the file have been read, and committed."""
        deadline = time.monotonic() + START_SECONDS
        while self._rows_read() < count:
            assert self.supervisor.poll() is None, self.log.read_text()[-600:]
            assert time.monotonic() < deadline, self.log.read_text()[-600:]
            time.sleep(0.02)

    def _rows_read(self):
        try:
            rows = self.rows("SELECT position FROM exchange_importrun WHERE target = 'deal'")
        except psycopg.Error:  # not there yet
            return 0
        return rows[0][0] if rows else 0

    def hashes(self):
        with self.base() as base:
            return without_jobs(hashes(base))


def without_jobs(found):
    return {table: each for table, each in found.items() if not NO_BUSINESS.match(table)}


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A fresh clone of what is committed, with the packages that are here already."""
    folder = tmp_path_factory.mktemp("fresh") / "voronka"
    if not (REPOSITORY / ".git").exists():
        pytest.skip("what was unpacked cannot be cloned")
    trusting = folder.with_name("gitconfig")  # whoever the repository belongs to
    trusting.write_text("[safe]\ndirectory = *\n")
    subprocess.run(
        ["git", "clone", "--quiet", f"file://{REPOSITORY}", folder],
        env={**os.environ, "GIT_CONFIG_GLOBAL": str(trusting)},
        check=True,
    )
    (folder / ".venv").symlink_to(REPOSITORY / ".venv")
    if (REPOSITORY / "var/tool").exists():
        (folder / "var").mkdir(mode=0o700)
        (folder / "var/tool").symlink_to(REPOSITORY / "var/tool")
    return folder


@pytest.fixture(scope="module")
def undisturbed(started_folder, private_folder):
    """The hashes of a demo that nobody disturbed."""
    folder = private_folder / "undisturbed"
    copy_data_folder(started_folder, folder)
    command = [sys.executable, "manage.py", "demo", "--data", "b2b"]
    subprocess.run(command, cwd=REPOSITORY, env=environment(folder), stdout=subprocess.DEVNULL, check=True)
    with running_or_own(folder), base_in(folder) as base:
        return without_jobs(hashes(base))


@pytest.fixture(scope="module")
def demo(clone, undisturbed):
    """A demo in its usual place that was killed in mid-import and started again."""
    demo = Demo(clone, clone / "var/demo")
    try:
        demo.begin()
        demo.wait_for_rows(CUT_OFF_AT)
        demo.kill_supervisor()
        demo.start()
        demo.hashes_at_start = demo.hashes()  # before anybody has logged in
        yield demo
    finally:
        demo.end()


@pytest.fixture
def owner(demo, page):
    """A Chromium in which the owner is logged in."""
    page.goto(f"{demo.address}/accounts/login/")
    page.locator("input[name=login]").fill("owner@example.com")
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/board/**")
    return page


def test_a_demo_killed_in_mid_import_and_started_again_has_the_rows_of_an_undisturbed_one(demo, undisturbed):
    assert demo.hashes_at_start["deals_deal"][0] == 8800
    assert demo.hashes_at_start == undisturbed


@pytest.mark.browser
def test_the_owner_reads_the_funnel_of_past_days(demo, owner):
    owner.goto(f"{demo.address}/funnel/")
    for day, engaging in ENGAGING.items():
        owner.get_by_label("Compare with the funnel on").fill(day)
        owner.get_by_label("Compare with the funnel on").press("Enter")
        owner.wait_for_url(f"**asof={day}**")
        row = owner.locator("#by-stage tbody tr").filter(has_text="Engaging")
        assert (day, row.locator("td").nth(2).inner_text().split()[0]) == (day, engaging)
        assert "500" in owner.locator("#unknown-starts").inner_text()


@pytest.mark.browser
def test_the_board_shows_what_is_open(demo, owner):
    assert "2,089 deals" in owner.locator("#board-total").inner_text()
    assert owner.locator("li.deal").count() == 2 * 25
