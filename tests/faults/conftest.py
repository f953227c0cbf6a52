"""Sites that are started, killed and stopped for real, each in a folder nobody else may enter."""

import os
import uuid

import pytest

from tests.faults.bases import connected
from tests.faults.person import Person
from tests.faults.running_site import DEMO_PASSWORD, RunningSite


@pytest.fixture(scope="session")
def private_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("private")
    folder.chmod(0o700)
    return folder


@pytest.fixture(scope="module")
def site(private_folder, request):
    """A running site with the small demo company, for the tests of one module."""
    name = request.module.__name__.rpartition(".")[2]
    running = RunningSite(private_folder / name, "--demo")
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
