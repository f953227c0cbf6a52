"""Somebody at a browser that keeps cookies and follows no redirect, so that each answer is seen."""

import http.client
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode

SECONDS = 15


@dataclass(frozen=True)
class Answer:
    """A fully received answer; its status is 0 where none came, or only a part of one."""

    status: int
    leads_to: str = ""
    body: str = ""

    @property
    def is_done(self):
        """Whether a form was accepted: what makes something answers 303."""
        return self.status == 303


class Person:
    """Logs in to `site` with an e-mail and asks it; several threads may share one person."""

    def __init__(self, site, email, password):
        self.site = site
        self.cookies: dict[str, str] = {}
        page = self.get("/accounts/login/")
        form = form_with("login", page.body)
        answer = self.post("/accounts/login/", form | {"login": email, "password": password})
        assert "sessionid" in self.cookies, answer

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, form):
        return self._ask("POST", path, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, method, path, body=None, headers=None):
        asking = http.client.HTTPConnection("127.0.0.1", int(self.site.port), timeout=SECONDS)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            asking.request(method, path, body, {"Cookie": cookies, **(headers or {})})
            answer = asking.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            asking.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _sign, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, answer.headers.get("Location", ""), text)


def form_with(field, page):
    """What the form of `page` that has the field `field` would post as it stands; empty if there is none."""
    forms = _Forms()
    forms.feed(page)
    return next((form for form in forms.found if field in form), {})


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[dict[str, str]] = []
        self._select: str | None = None

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self.found.append({})
        elif not self.found:
            return
        elif tag == "input" and "name" in told and told.get("type") not in ("checkbox", "radio"):
            self.found[-1][told["name"]] = told.get("value") or ""
        elif tag == "select":
            self._select = told.get("name")
        elif tag == "option" and self._select and "selected" in told:
            self.found[-1][self._select] = told.get("value") or ""


def number_in(address):
    """The number of the record that `address` leads to."""
    return int(re.findall(r"/(\d+)/", address)[0])
