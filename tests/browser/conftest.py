"""Real Chromium on the live server; every page is watched for what a page must not do."""

import os

import pytest

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
def log_in(live_server, settings):
    """Return a function that logs a person in, in a page or context, without the log-in form."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    def let_in(page, user):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": live_server.url}]
        )
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
