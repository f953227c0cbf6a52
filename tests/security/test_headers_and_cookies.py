"""The headers and cookies that PUBLIC_URL decides (TRUST S36, S38)."""

import json
import os
import subprocess
import sys
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest
from django.conf import settings as current
from django.test import Client, override_settings

from tests.world import PASSWORD

DECIDED_BY_PUBLIC_URL = [
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_SSL_REDIRECT",
    "SECURE_SSL_HOST",
    "SECURE_PROXY_SSL_HEADER",
    "CSRF_TRUSTED_ORIGINS",
    "ALLOWED_HOSTS",
]
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.fixture(scope="module")
def https_settings():
    """The settings as they are with an https PUBLIC_URL, typed anyhow, read in a process of its own."""
    code = (
        "import json, crm_site.settings as s;"
        f"print(json.dumps({{n: getattr(s, n, None) for n in {DECIDED_BY_PUBLIC_URL!r}}}))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code],
        cwd=current.BASE_DIR,
        env=os.environ
        | {"PUBLIC_URL": "HTTPS://Crm.example.com/", "CRM_DATA_DIR": str(current.CRM_DATA_DIR)},
        capture_output=True,
        text=True,
        check=True,
    )
    values = json.loads(printed.stdout)
    values["SECURE_PROXY_SSL_HEADER"] = tuple(values["SECURE_PROXY_SSL_HEADER"])
    return values


@pytest.fixture
def over_https(https_settings):
    with override_settings(**https_settings):
        yield Client(headers={"host": "crm.example.com"}, raise_request_exception=False)


def answers(client, person, deal):
    """Yield (what it is, response) of every sort of answer that Django makes."""
    yield "log-in", client.get("/accounts/login/", secure=True)
    yield "redirect", client.get("/deals/", secure=True)
    yield "not found without log-in", client.get("/nothing-here/", secure=True)
    client.force_login(person)
    yield "page", client.get(f"/deals/{deal.pk}/", secure=True)
    yield "part", client.get("/deals/", headers={"HX-Request": "true"}, secure=True)
    yield "not found", client.get("/deals/999999999/", secure=True)
    strict = Client(
        enforce_csrf_checks=True, headers={"host": "crm.example.com"}, raise_request_exception=False
    )
    yield "refused", strict.post("/accounts/login/", {"login": "x"}, secure=True)
    yield "static file", client.get("/static/voronka.css", secure=True)
    yield "health", client.get("/health/live", secure=True)


def test_every_answer_carries_the_headers(over_https, anna, deal):
    for what, response in answers(over_https, anna, deal):
        for header, value in EVERYWHERE.items():
            assert response.headers.get(header) == value, (what, response.status_code, header)
        policy = response.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, what
        assert "unsafe" not in policy, what
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", what


def test_the_error_page_carries_the_headers_and_the_id_of_the_log(over_https, anna, monkeypatch, caplog):
    def broken(request):
        raise RuntimeError("broken on purpose")

    from desk.views import home

    over_https.force_login(anna)
    monkeypatch.setattr("django.urls.resolvers.URLPattern.resolve", _resolve_home_to(broken, home.home))
    response = over_https.get("/", secure=True)
    assert response.status_code == 500
    assert response.headers["X-Request-ID"] in response.text
    assert "broken on purpose" not in response.text
    for header, value in EVERYWHERE.items():
        assert response.headers.get(header) == value


def _resolve_home_to(view, original):
    from django.urls.resolvers import URLPattern

    resolve = URLPattern.resolve

    def replaced(pattern, path):
        match = resolve(pattern, path)
        if match and match.func is original:
            match.func = view
        return match

    return replaced


def test_what_is_too_large_is_answered_413(over_https, anna, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    over_https.force_login(anna)
    response = over_https.post("/profile/", {"language": "x" * 2000}, secure=True)
    assert response.status_code == 413
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_over_https_cookies_have_their_strict_names_and_marks(over_https, anna):
    response = over_https.get("/accounts/login/", secure=True)
    response = over_https.post("/accounts/login/", {"login": anna.email, "password": PASSWORD}, secure=True)
    cookies = response.cookies | over_https.cookies
    for name in ("__Host-sessionid", "__Host-csrftoken"):
        cookie = cookies[name]
        assert (
            cookie["secure"],
            cookie["httponly"],
            cookie["samesite"],
            cookie["path"],
            cookie["domain"],
        ) == (
            True,
            True,
            "Lax",
            "/",
            "",
        ), name


def test_over_https_plain_http_is_redirected(over_https):
    response = over_https.get("/deals/")
    assert (response.status_code, response.headers["Location"]) == (301, "https://crm.example.com/deals/")


def test_over_https_the_redirect_leads_to_the_public_address_whichever_host_was_asked(over_https):
    response = over_https.get("/deals/", headers={"host": "127.0.0.1:8000"})
    assert (response.status_code, response.headers["Location"]) == (301, "https://crm.example.com/deals/")


def test_a_host_that_is_not_ours_is_refused(over_https):
    assert over_https.get("/health/live", headers={"host": "evil.example"}, secure=True).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_over_http_cookies_have_plain_names_and_urllib_can_log_in(live_server, anna):
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{live_server.url}/accounts/login/").read().decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = urllib.parse.urlencode(
        {"login": anna.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    ).encode()
    request = urllib.request.Request(f"{live_server.url}/accounts/login/?next=/profile/", form)
    answer = browser.open(request)
    assert answer.url == f"{live_server.url}/profile/"
    by_name = {cookie.name: cookie for cookie in jar}
    assert {"sessionid", "csrftoken"} <= by_name.keys()
    for name in ("sessionid", "csrftoken"):
        assert by_name[name].has_nonstandard_attr("HttpOnly")
        assert by_name[name].get_nonstandard_attr("SameSite") == "Lax"
        assert not by_name[name].secure


def test_the_score_of_the_observatory_is_115_or_more(over_https, anna, deal):
    over_https.get("/accounts/login/", secure=True)
    over_https.post("/accounts/login/", {"login": anna.email, "password": PASSWORD}, secure=True)
    response = over_https.get(f"/deals/{deal.pk}/", secure=True)
    assert response.status_code == 200
    assert observatory_score(response, over_https.cookies) >= 115


def observatory_score(response, cookies):
    """The score of MDN's HTTP Observatory for an answer of ours (its tests and modifiers of 2024).

    https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
    """
    headers = response.headers
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in headers["Content-Security-Policy"].split(";")
        if " " in directive.strip()
    )
    score = 100
    unsafe = "unsafe" in headers["Content-Security-Policy"]
    score += 10 if policy["default-src"] == "'none'" and not unsafe else -25
    strict = all(c["secure"] and c["httponly"] and c["samesite"] for c in cookies.values())
    score += 5 if strict else -20
    hsts = headers.get("Strict-Transport-Security", "")
    score += 0 if "max-age=31536000" in hsts else -20
    score += 5 if headers.get("Referrer-Policy") in ("no-referrer", "same-origin", "strict-origin") else 0
    score += 5 if policy.get("frame-ancestors") == "'none'" else -20
    score += 0 if headers.get("X-Content-Type-Options") == "nosniff" else -5
    score += 0 if headers.get("Access-Control-Allow-Origin") is None else -50
    return score


def test_the_deployment_check_is_clean():
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    run = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=current.BASE_DIR,
        env=environment
        | {"PUBLIC_URL": "https://crm.example.com", "CRM_DATA_DIR": str(current.CRM_DATA_DIR)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
