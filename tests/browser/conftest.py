"""Real Chromium on the live server; every page is watched for what a page must not do."""

import os

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.browser.looking import Site, session_cookie
from tests.world import PASSWORD

# Playwright's loop runs in the thread of the test, which asks the base too.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"}


class Complaints(list):
    """What the browser complained of: console errors, blocked by the CSP, page errors, other hosts."""

    def watch(self, page, own_host):
        page.on("console", lambda message: message.type == "error" and self.append(message.text))
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on(
            "request",
            lambda request: (
                own_host in request.url
                or request.url.startswith(("data:", "blob:"))
                or self.append(f"asks another host: {request.url}")
            ),
        )


@pytest.fixture
def complaints(page, live_server):
    """What the browser complained of so far; a test ends with `assert not complaints`."""
    found = Complaints()
    found.watch(page, live_server.url)
    return found


@pytest.fixture
def log_in(live_server):
    """Return a function that logs a person in, in a page or context, without the log-in form."""

    def let_in(page, user):
        page.context.add_cookies([session_cookie(user, live_server.url)])
        return page

    return let_in


@pytest.fixture
def log_in_by_form(live_server):
    """Return a function that logs a person in as people do."""

    def type_in(page, user):
        page.goto(f"{live_server.url}/accounts/login/")
        page.get_by_label("E-mail").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        return page

    return type_in


@pytest.fixture(autouse=True)
def committed(transactional_db):
    """The live server sees only what is committed."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """What stands in one world for many tests has been put last: with that world the base is emptied.

    The mark makes pytest-django prepare a base at all, also where such a file runs alone.
    """
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(scope="module")
def site(browser, django_db_setup, django_db_blocker):
    """A live server for a whole file, with a ScreenWorld that stands as long as tests want it.

    A file that asks for it turns `committed` off: nothing is to be cleared after each test.
    """
    server = LiveServer("localhost")
    server._live_server_modified_settings.enable()
    with django_db_blocker.unblock():
        site = Site(server.url, browser)
        yield site
        site.leave()
    server._live_server_modified_settings.disable()
    server.stop()
