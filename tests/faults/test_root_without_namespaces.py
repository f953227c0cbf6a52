"""Where root may not make a user namespace (Docker's default), a plain user runs PostgreSQL for it."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from crm_site.cluster import POSTGRES_BIN_PATH
from crm_site.plain_user import HOMES
from crm_site.socket_path import name_of
from tests.faults.running_site import RunningSite

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root has to become somebody else")

# The kernel's refusal cannot be had without a container: what asks it is replaced in the site's own process.
REFUSED = """
import sys
from pathlib import Path
from crm_site import base, cluster
cluster.can_leave_root = lambda: False
cluster.POSTGRES_BIN_PATH = Path(sys.argv.pop(1))
base.main(sys.argv)
"""


class RefusedSite(RunningSite):
    """A start by a root that may not make a user namespace, with PostgreSQL's programs in `programs`."""

    def __init__(self, data_folder, programs=POSTGRES_BIN_PATH):
        super().__init__(data_folder)
        self.starter = (sys.executable, "-c", REFUSED, str(programs), "start")
        self.home = HOMES / name_of(data_folder)

    def command(self, code):
        """Run Python on its base, which is started for that if it does not run; return what it prints."""
        return subprocess.run(
            [*self.starter[:-1], "shell", "-v0", "-c", code],
            cwd=self.repository,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    def owner_of_postgresql(self):
        return pwd.getpwuid(self.postmaster().uids().effective).pw_name

    def end(self):
        super().end()
        shutil.rmtree(self.home, ignore_errors=True)


@pytest.fixture
def open_folder():
    """A folder that everybody may enter; pytest's own are closed."""
    with tempfile.TemporaryDirectory(prefix="voronka-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


OWNER_OF_POSTGRESQL = """
import psutil
from django.conf import settings
print(psutil.Process(int((settings.CRM_DATA_DIR / "postgres/postmaster.pid").open().readline())).username())
"""


def test_the_base_is_in_the_data_folder_if_others_may_pass(open_folder):
    site = RefusedSite(open_folder / "data")
    try:
        assert site.command(OWNER_OF_POSTGRESQL) == "nobody"
        assert (site.data_folder / "postgres").owner() == "nobody"
        assert not (site.data_folder / "postgres").is_symlink()
        assert not (site.home / "postgres").exists()
        assert (site.data_folder / "secret.key").stat().st_mode & 0o077 == 0
    finally:
        site.end()


def test_else_it_is_elsewhere_the_start_says_where_and_a_kill_loses_nothing(private_folder):
    package = POSTGRES_BIN_PATH.parents[1]
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, private_folder / folder.name)
    programs = private_folder / POSTGRES_BIN_PATH.relative_to(package.parent)
    site = RefusedSite(private_folder / "unreachable", programs)
    try:
        site.start()
        assert site.owner_of_postgresql() == "nobody"
        assert str(site.home / "postgres") in site.log.read_text()
        assert site.home.stat().st_mode & 0o077 == 0
        with site.base() as base:
            base.execute("CREATE TABLE kept AS SELECT 'Finver' AS name")
        site.supervisor.kill()
        site.supervisor.wait()
        asked = "from django.db import connection as c; print(*c.cursor().execute('TABLE kept').fetchone())"
        assert site.command(asked) == "Finver"
    finally:
        site.end()
