"""What the record of security holds, what it never holds, and who reads it (TRUST S39, S40)."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts.models import Role, SecurityEvent
from accounts.models.attempt import REFUSALS_OF_PERSON
from crm_site.logs import JsonFormatter
from tests.filled import admin_page, fill_in
from tests.phones import code_of, recovery_codes_of, with_phone
from tests.world import PASSWORD
from ui.keys_in_paths import without_keys

LOG = "/security/"


@pytest.fixture
def events(company):
    """Return a function that gives the events of a kind, the oldest first."""
    return lambda kind: list(SecurityEvent.objects.filter(kind=kind).order_by("id"))


def log_in(person, password=PASSWORD, **headers):
    client = Client(headers={"User-Agent": "Firefox/145.0", "Accept-Language": "en", **headers})
    client.post("/accounts/login/", {"login": person.email, "password": password})
    return client


# It only grows


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE accounts_securityevent SET kind = 'x'",
        "DELETE FROM accounts_securityevent",
        "TRUNCATE accounts_securityevent",
    ],
)
def test_the_base_itself_refuses_to_change_it(anna, spoil):
    SecurityEvent.objects.record("logged_in", user=anna)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(spoil)
    assert SecurityEvent.objects.get().kind == "logged_in"


# What it holds


def test_a_record_that_is_not_shown_leaves_a_trace(logged_in, anna, vera, deal, events):
    logged_in(vera).get(f"/deals/{deal.pk}/")
    logged_in(vera).post(f"/deals/{deal.pk}/archive/", headers={"X-Forwarded-For": "198.51.100.7"})
    seen, changed = events("access_refused")
    assert (seen.user, seen.particulars) == (vera, {"path": f"GET /deals/{deal.pk}/", "status": 404})
    assert changed.particulars == {"path": f"POST /deals/{deal.pk}/archive/", "status": 404}
    assert changed.address == "198.51.100.7"


def test_a_page_that_the_role_does_not_open_leaves_a_trace(logged_in, anna, events):
    logged_in(anna).get("/admin/")
    logged_in(anna).get(LOG)
    paths = [event.particulars for event in events("access_refused")]
    assert paths == [{"path": "GET /admin/", "status": 403}, {"path": f"GET {LOG}", "status": 403}]


def test_what_is_no_record_leaves_none(logged_in, anna, events):
    logged_in(anna).get("/nothing-here/")
    logged_in(anna).get("/deals/")
    Client().get("/deals/987654321/")
    assert events("access_refused") == []


def test_a_flood_of_refusals_does_not_fill_it(logged_in, vera, boris, events):
    client = logged_in(vera)
    for n in range(REFUSALS_OF_PERSON.most + 5):
        client.get(f"/deals/{900_000 + n}/")
    told = events("access_refused")
    assert len(told) == REFUSALS_OF_PERSON.most + 1
    assert [event.particulars.get("more") for event in told[-2:]] == [None, True]
    logged_in(boris).get("/deals/987654321/")
    assert events("access_refused")[-1].user == boris


def test_a_wrong_password_is_told_of_the_person_it_was_for(anna, events):
    log_in(anna, password="wrong-password")
    [event] = events("login_refused")
    assert event.particulars == {"email": anna.email, "person": anna.pk}


# What it never holds


def test_neither_it_nor_the_log_holds_what_lets_somebody_in(anna, admin, caplog, events):
    """Passwords, wrong ones too, codes, the keys of sessions, tokens of forms."""
    secret = with_phone(anna)
    codes = recovery_codes_of(anna)
    with caplog.at_level(logging.DEBUG):
        log_in(anna, password="almost-the-password")
        client = log_in(anna)
        code = code_of(secret)
        client.post("/accounts/2fa/code/", {"code": code})
        key = client.session.session_key
        token = client.get("/profile/").cookies["csrftoken"].value
        new = "seven-boats-on-a-lake"
        client.post(
            "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
        )
        fill_in(
            log_in(admin), admin_page(type(anna), "change", anna.pk), new_password="nine-hills-and-a-well"
        )
        kept = [key, client.session.session_key]
        client.post("/accounts/logout/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(log::text, ' ') FROM accounts_securityevent AS log")
        [(told,)] = cursor.fetchall()
    logged = " ".join(
        JsonFormatter().format(record) for record in caplog.records if record.name != "django.db.backends"
    )
    assert "logged_in" in told
    assert "POST /accounts/2fa/code/" in logged
    for hidden in (
        "almost-the-password",
        PASSWORD,
        new,
        "nine-hills-and-a-well",
        code,
        token,
        secret,
        *codes,
        *kept,
    ):
        assert hidden not in told
        assert hidden not in logged


def test_the_key_of_a_link_stands_in_no_log(company, caplog):
    """S39: who reads the log of the requests can't use the link that somebody was sent."""
    with caplog.at_level(logging.INFO):
        Client().get("/accounts/kept/abcdefgh-the-key/")
    lines = [
        json.loads(JsonFormatter().format(each)) for each in caplog.records if each.name == "voronka.requests"
    ]
    assert [line["message"] for line in lines] == ["GET /accounts/kept/…/ 302"]


# The page


def shown(answer):
    return [(event.get_kind_display(), event.user, event.told) for event in answer.context["page"]]


def test_it_is_read_by_those_who_configure_only(logged_in, admin, owner, anna):
    assert logged_in(admin).get(LOG).status_code == 200
    for person in (owner, anna):
        assert logged_in(person).get(LOG).status_code == 403


def test_it_tells_who_did_what_to_whom(logged_in, admin, anna):
    anna.change(by=admin, role=Role.objects.get(code="head"))
    newest = shown(logged_in(admin).get(LOG))[0]
    told = ["before: Sales manager", "after: Head of team", "person: Anna Kuzmina"]
    assert (newest[0], newest[1], sorted(newest[2])) == ("role changed", admin, sorted(told))


def test_it_is_narrowed_by_person_kind_and_day(logged_in, admin, anna, boris):
    SecurityEvent.objects.record("logged_in", user=anna)
    SecurityEvent.objects.record("logged_in", user=boris)
    SecurityEvent.objects.record("access_changed", user=admin, person=anna.pk)
    client = logged_in(admin)

    def kinds(**query):
        return [event.kind for event in client.get(LOG, query).context["page"]]

    assert kinds(person=anna.pk) == ["access_changed", "logged_in"]
    assert kinds(person=anna.pk, kind="logged_in") == ["logged_in"]
    today = datetime.now(UTC).astimezone().date()
    assert kinds(day=str(today - timedelta(days=3))) == []
    assert kinds(person="x", kind="x", day="x") == ["access_changed", "logged_in", "logged_in"]


def test_a_day_is_one_of_the_company(logged_in, admin, company, anna):
    """In Moscow it begins at 21:00 UTC of the day before."""
    events = [
        SecurityEvent.objects.create(
            kind="logged_in", user=anna, at=datetime(2026, 3, day, hour, 30, tzinfo=UTC)
        )
        for day, hour in [(9, 20), (9, 21), (10, 20), (10, 21)]
    ]
    page = logged_in(admin).get(LOG, {"day": "2026-03-10"}).context["page"]
    assert {event.pk for event in page} == {events[1].pk, events[2].pk}


def test_it_goes_on_by_key(logged_in, admin, anna):
    made = [SecurityEvent.objects.record("logged_in", user=anna).pk for _n in range(70)]
    client = logged_in(admin)
    first = client.get(LOG).context["page"]
    rest = client.get(LOG, {"after": first.next_key}, headers={"HX-Request": "true"})
    assert "<html" not in rest.text
    assert [event.pk for event in [*first, *rest.context["page"]]] == made[::-1]


def test_what_a_stranger_sent_is_text_on_it(logged_in, admin):
    """S18: an e-mail that nobody has, typed into the log-in."""
    Client().post("/accounts/login/", {"login": "<img src=x onerror=alert(1)>@example.com", "password": "x"})
    SecurityEvent.objects.record("login_refused", email="<img src=x onerror=alert(1)>")
    text = logged_in(admin).get(LOG).text
    assert "<img" not in text
    assert "&lt;img" in text


def test_the_administration_and_the_page_of_the_installation_lead_to_it(logged_in, admin):
    client = logged_in(admin)
    assert client.get("/admin/accounts/securityevent/").headers["Location"] == LOG
    assert f'href="{LOG}"' in client.get("/system/").text


def paths_with_keys(resolver=None, namespace=""):
    """Yield a path of every address that has the key of a link in it; the key is "Opens1"."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if not isinstance(pattern, URLPattern):
            yield from paths_with_keys(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif (names := pattern.pattern.regex.groupindex.keys()) & {"key", "token", "uidb36"}:
            yield reverse(f"{namespace}{pattern.name}", kwargs=dict.fromkeys(names, "Opens1"))


def test_no_key_of_a_link_stands_in_a_path_that_is_written_down():
    paths = list(paths_with_keys())
    assert len(paths) >= 4
    assert not [path for path in map(without_keys, paths) if "Opens1" in path]
