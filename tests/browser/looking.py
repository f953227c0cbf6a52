"""Opening screens in Chromium: a site whose world stands for many tests, and one page for each person."""

import gzip
from dataclasses import dataclass, field

from tests.visits import posted

KINDS = {"stylesheet": "css", "script": "js"}


@dataclass
class BrowserPage:
    """A page in which somebody of the world is logged in, and what was noticed in it."""

    page: object
    complaints: list = field(default_factory=list)
    loaded: list = field(default_factory=list)  # (kind, address, body)
    dialogs: list = field(default_factory=list)


class Site:
    """The live server with one world at a time; `page` gives the page of a screen's person."""

    def __init__(self, server, browser, worlds):
        self.url, self.browser, self._worlds = server.url, browser, worlds
        self.world, self._pages, self._contexts = None, {}, []

    def page(self, language, theme, screen, **world_options):
        """Return the BrowserPage of the person who looks at `screen`, in a world of this look."""
        wanted = (language, theme, screen.age)
        if self._worlds.standing != wanted:
            self.leave()
            self.world = self._worlds.make(*wanted, **world_options)
        if screen.who not in self._pages:
            self._pages[screen.who] = self._open(language, theme, screen.who)
        browser_page = self._pages[screen.who]
        browser_page.complaints.clear()
        browser_page.loaded.clear()
        browser_page.dialogs.clear()
        return browser_page

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
            context.add_cookies([self._worlds.session_of(self.world.people[who], self.url)])
        browser_page = BrowserPage(context.new_page())
        self._watch(browser_page)
        return browser_page

    def _watch(self, browser_page):
        page, complain = browser_page.page, browser_page.complaints.append
        page.on("console", lambda line: line.type in ("error", "warning") and complain(line.text))
        page.on("pageerror", lambda error: complain(str(error)))
        page.on("dialog", lambda dialog: (browser_page.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: self._own(request.url) or complain(f"asks {request.url}"))
        page.on("requestfinished", lambda request: browser_page.loaded.append(request))

    def _own(self, url):
        return url.startswith((self.url, "data:", "blob:"))

    def weights(self, browser_page):
        """Return {kind: bytes, gzipped} of what the page loaded."""
        weights = {"css": 0, "js": 0, "other": 0}
        names = browser_page.page.evaluate(
            "performance.getEntriesByType('resource').map(each => [each.initiatorType, each.name])"
        )
        for name in {name for _kind, name in names}:
            path = name.removeprefix(self.url).partition("?")[0]
            key = {".css": "css", "s.js": "js"}.get(path[-4:], "js" if path.endswith(".js") else "other")
            weights[key] += self._worlds.size_of(path)
        weights["other"] += len(gzip.compress(browser_page.page.content().encode(), 6))
        return weights

    def leave(self):
        """Close the pages and clear the world away."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()
        self._pages.clear()
        self._worlds.clear()


def look_at(page, site, screen):
    """Open the screen in `page`, sending its form if it has one; return the status of the answer."""
    world, path = site.world, screen.path(site.world)
    if screen.post is None:
        return page.goto(site.url + path).status
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
