"""Getting in and out (TRUST S10, S11, S16, and what the record of security holds)."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import SecurityEvent
from tests.world import PASSWORD


def log_in(client, person, password=PASSWORD, **query):
    return client.post("/accounts/login/", {"login": person.email, "password": password}, query_params=query)


def test_a_person_logs_in_by_e_mail_whatever_its_case(client, anna):
    client.post("/accounts/login/", {"login": "ANNA@Example.com", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(anna.pk)


@pytest.mark.parametrize(
    "next_page",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "https://evil.example/",
    ],
)
def test_a_foreign_next_page_leads_home(client, anna, next_page):
    assert log_in(client, anna, next=next_page).headers["Location"] == "/"


@pytest.mark.parametrize(
    "next_page", ["//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)"]
)
def test_a_preference_never_leads_to_a_foreign_page(client, anna, next_page):
    client.force_login(anna)
    response = client.post("/preferences/set/", {"name": "theme", "value": "dark", "next": next_page})
    assert response.headers["Location"] == "/"


def test_ones_own_page_is_the_next_page(client, anna):
    assert log_in(client, anna, next="/profile/").headers["Location"] == "/profile/"


def test_the_session_changes_its_id_at_the_log_in_and_dies_at_the_log_out(client, anna):
    client.get("/accounts/login/")
    client.session["before"] = 1
    client.session.save()
    before = client.session.session_key
    log_in(client, anna)
    inside = client.session.session_key
    assert inside != before
    client.post("/accounts/logout/")
    client.cookies["sessionid"] = inside
    assert client.get("/profile/").status_code == 302


@pytest.mark.parametrize("change", [{"is_active": False}, {"can_log_in": False}])
def test_who_may_no_longer_enter_is_out_at_the_next_request(client, anna, admin, change):
    log_in(client, anna)
    assert client.get("/profile/").status_code == 200
    anna.change(by=admin, **change)
    assert client.get("/profile/").status_code == 302
    other_browser = Client()
    assert log_in(other_browser, anna).status_code == 200
    assert "_auth_user_id" not in other_browser.session


def test_known_and_unknown_people_are_refused_in_the_same_words(client, anna):
    known = log_in(client, anna, password="wrong-password")
    anna.email = "nobody@example.com"
    unknown = log_in(client, anna, password="wrong-password")
    assert known.status_code == unknown.status_code
    assert known.context["form"].errors == unknown.context["form"].errors


@pytest.mark.parametrize(
    "address",
    ["/accounts/signup/", "/accounts/email/", "/accounts/confirm-email/", "/accounts/social/login/"],
)
def test_nobody_signs_up_by_himself(client, company, admin, address):
    assert client.get(address).status_code == 404


def test_the_record_of_security_tells_who_came_in_and_who_was_refused(client, anna):
    log_in(client, anna, password="wrong-password")
    log_in(client, anna)
    client.post("/accounts/logout/")
    kinds = list(SecurityEvent.objects.order_by("id").values_list("kind", "user"))
    assert kinds == [("login_refused", None), ("logged_in", anna.pk), ("logged_out", anna.pk)]
    assert not SecurityEvent.objects.filter(particulars__icontains="wrong-password").exists()


def test_the_record_of_security_only_grows(anna):
    SecurityEvent.objects.record("logged_in", user=anna)
    for spoil in (
        lambda: SecurityEvent.objects.update(kind="x"),
        lambda: SecurityEvent.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            spoil()
    assert SecurityEvent.objects.count() == 1


def test_a_changed_password_is_recorded_and_works(client, anna):
    log_in(client, anna)
    response = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "seven-boats-on-a-lake", "password2": "seven-boats-on-a-lake"},
    )
    assert response.status_code == 302
    assert SecurityEvent.objects.filter(kind="password_changed", user=anna).exists()
    client.post("/accounts/logout/")
    log_in(client, anna, password="seven-boats-on-a-lake")
    assert client.get("/profile/").status_code == 200
