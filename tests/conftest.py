"""What every test stands on: a PostgreSQL of its own, started before Django first asks for it."""

import os
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.utils import translation

from crm_site.base import for_tests
from crm_site.problems import Problem
from crm_site.socket_path import database_url, socket_folder

pytest_plugins = ["tests.world"]
pytest.register_assert_rewrite("tests.deals.funnel_agreement")  # its asserts say what differed, too

_running = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Start the cluster in the first process of the run; the others find it in their environment."""
    # Slow on purpose, for passwords that somebody might steal; these are made up.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if os.environ.get("DATABASE_URL") or config.option.collectonly:
        return
    try:
        folder = _running.enter_context(for_tests(settings.CRM_DATA_DIR))
    except Problem as problem:
        pytest.exit(str(problem), returncode=1)
    os.environ["DATABASE_URL"] = database_url(folder)
    settings.DATABASES["default"]["HOST"] = str(socket_folder(folder))


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory):
    """A folder that nobody else may enter, one for all processes of this run."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # each has a folder of its own in that of the run
        folder = folder.parent
    shared = folder / "once"
    shared.mkdir(mode=0o700, exist_ok=True)
    return shared


@pytest.fixture(autouse=True)
def nobodys_language():
    """A request leaves its person's language in the thread: each test begins without one."""
    translation.deactivate()


def pytest_unconfigure(config):
    _running.close()
