"""Sites that are started, killed and stopped for real, each in a folder nobody else may enter."""

import pytest

from tests.faults.ledger import SEED
from tests.faults.running_site import RunningSite


@pytest.fixture(scope="session")
def private_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("private")
    folder.chmod(0o700)
    return folder


@pytest.fixture(scope="module")
def site(private_folder, request):
    """A running site with a company, a funnel and an admin, for the tests of one module."""
    name = request.module.__name__.rpartition(".")[2]
    running = RunningSite(private_folder / name, DJANGO_SETTINGS_MODULE="tests.faults.ledger_settings")
    try:
        running.start()
        running.command(SEED)
        yield running
    finally:
        running.end()
