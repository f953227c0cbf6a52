"""Opening screens in Chromium: a site whose world stands for many tests, and one page for each person."""

import gzip
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import TransactionTestCase

from tests.phones import prove
from tests.screen_world import ScreenWorld
from tests.visits import posted


def session_cookie(user, url):
    """Return the cookie of a new session in which `user` is logged in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    prove(session, user)
    session.create()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": url}


@dataclass
class BrowserPage:
    """A page in which somebody of the world is logged in, and what was noticed in it."""

    page: object
    complaints: list = field(default_factory=list)
    dialogs: list = field(default_factory=list)


class Site:
    """The live server with one world at a time; `page` gives the page of a screen's person."""

    def __init__(self, url, browser):
        self.url, self.browser = url, browser
        self.world, self._standing = None, None
        self._cookies, self._pages, self._contexts = {}, {}, []

    def page(self, language, theme, screen, **world_options):
        """Return the BrowserPage of the person who looks at `screen`, in a world of this look."""
        wanted = (language, theme, screen.age)
        if self._standing != wanted:
            self._stand(wanted, **world_options)
        if screen.who not in self._pages:
            self._pages[screen.who] = self._open(language, theme, screen.who)
        browser_page = self._pages[screen.who]
        browser_page.complaints.clear()
        browser_page.dialogs.clear()
        return browser_page

    def _stand(self, wanted, **world_options):
        """Make the wanted world and let all its people in; the server sees only what is committed."""
        assert not connection.in_atomic_block, "a world is made by a fixture of the module, not in a test"
        self.leave()
        self.world, self._standing = ScreenWorld(*wanted, **world_options), wanted
        self._cookies = {name: session_cookie(person, self.url) for name, person in self.world.people.items()}

    def _open(self, language, theme, who):
        context = self.browser.new_context(
            viewport={"width": 1440, "height": 900},
            locale={"ru": "ru-RU", "en": "en-GB"}[language],
            color_scheme=theme or "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        if who:
            context.add_cookies([self._cookies[who]])
        browser_page = BrowserPage(context.new_page())
        self._watch(browser_page)
        return browser_page

    def _watch(self, browser_page):
        page, complain = browser_page.page, browser_page.complaints.append
        page.on("console", lambda line: line.type in ("error", "warning") and complain(line.text))
        page.on("pageerror", lambda error: complain(str(error)))
        page.on("dialog", lambda dialog: (browser_page.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: self._own(request.url) or complain(f"asks {request.url}"))

    def _own(self, url):
        return url.startswith((self.url, "data:", "blob:"))

    def weights(self, browser_page):
        """Return {kind: bytes, gzipped} of what the page loaded."""
        weights = {"css": 0, "js": 0, "other": 0}
        names = browser_page.page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
        for name in set(names):
            path = name.removeprefix(self.url).partition("?")[0]
            ending = path.rpartition(".")[2]
            weights[ending if ending in weights else "other"] += size_of(path)
        weights["other"] += len(gzip.compress(browser_page.page.content().encode(), 6))
        return weights

    def leave(self):
        """Close the pages and empty the base."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()
        self._pages.clear()
        if self._standing:
            self._standing = None
            TransactionTestCase("__init__")._fixture_teardown()


@cache
def size_of(path):
    """Return how long the static file at `path` is, gzipped as our server does it."""
    found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    return len(gzip.compress(Path(found).read_bytes(), 6)) if found else 0


def look_at(page, site, screen):
    """Open the screen in `page`, sending its form if it has one; return the status of the answer."""
    world, path = site.world, screen.path(site.world)
    if screen.link:
        page.goto(site.url + screen.link(world))
    if screen.post is None:
        status = page.goto(site.url + path).status
        assert page.url == site.url + path, "led away, to the log-in perhaps"
        return status
    page.goto(site.url + screen.begun)
    data = posted(screen, world)
    with page.expect_navigation() as navigation:
        page.evaluate(
            """([action, data]) => {
                const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
                const form = Object.assign(document.createElement("form"), {action, method: "post"});
                for (const [name, value] of Object.entries({csrfmiddlewaretoken: token, ...data})) {
                    form.append(Object.assign(document.createElement("input"), {name, value}));
                }
                document.body.append(form);
                form.submit();
            }""",
            [path, {name: str(value) for name, value in data.items()}],
        )
    return navigation.value.status
