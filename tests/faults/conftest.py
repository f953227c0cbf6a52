"""Sites that are started, killed and stopped for real, each in a folder nobody else may enter."""

import os
import uuid

import pytest

from tests.exchange.bases import address, clone
from tests.faults.bases import connected
from tests.faults.person import Person
from tests.faults.running_site import DEMO_PASSWORD, RunningSite, copy_data_folder, start_and_stop
from tests.once_a_run import once


@pytest.fixture(scope="session")
def private_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("private")
    folder.chmod(0o700)
    return folder


@pytest.fixture(scope="session")
def started_folder(run_folder):
    """A data folder after its first start and stop, without a company: to be copied, never to be used.

    A first start is half a minute of a core, most of it for migrations; one on a copy is a few seconds.
    """
    return once(run_folder, "started", start_and_stop)


@pytest.fixture(scope="session")
def demo_folder(run_folder, started_folder):
    """The same with the small demo company; what its start said is in `demo.log` beside it."""

    def make_demo(folder):
        copy_data_folder(started_folder, folder)
        start_and_stop(folder, "--demo")

    return once(run_folder, "demo", make_demo)


@pytest.fixture(scope="module")
def site(demo_folder, private_folder, request):
    """A running site with the small demo company, for the tests of one module."""
    folder = private_folder / request.module.__name__.rpartition(".")[2]
    copy_data_folder(demo_folder, folder)
    running = RunningSite(folder)
    try:
        yield running.start()
    finally:
        running.end()


@pytest.fixture(scope="module")
def anna(site):
    """Anna of the demo, logged in."""
    return Person(site, "anna@example.com", DEMO_PASSWORD)


@pytest.fixture
def make_base():
    """Make a base in the PostgreSQL of the tests with these options; gives its DATABASE_URL."""
    server = os.environ["DATABASE_URL"]
    made = []

    def make(options="", *statements):
        name = f"base_{uuid.uuid4().hex[:8]}"
        with connected(server, "postgres") as connection:
            connection.execute(f"CREATE DATABASE {name} {options}")
        made.append(name)
        url = server.rpartition("/")[0] + "/" + name
        with connected(url) as connection:
            for statement in statements:
                connection.execute(statement)
        return url

    yield make
    with connected(server, "postgres") as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def migrated_base(transactional_db):
    """The DATABASE_URL of a base in the PostgreSQL of the tests to which all migrations have been applied."""
    with clone(f"base_{uuid.uuid4().hex[:8]}") as name:
        yield address(name)
