"""A forgotten password: a letter with a link that works once, and nobody learns who is here (S12, S14)."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import SecurityEvent, User
from crm_site.logs import JsonFormatter
from tests.filled import form_of
from tests.jobs import letters, link_in
from tests.world import PASSWORD

ASK, DONE = reverse("account_reset_password"), reverse("account_reset_password_done")
NEW = "seven-boats-on-a-lake"


def ask(email, client=None, **headers):
    return (client or Client()).post(ASK, {"email": email}, **headers)


@pytest.fixture
def link(anna):
    """The link of the letter that anna got."""
    ask(anna.email)
    [letter] = letters()
    return link_in(letter)


def follow(link, client=None, **options):
    return (client or Client()).get(link, follow=True, **options)


def set_password(page, client, password=NEW):
    """Post the form of the page that a link led to."""
    path = page.request["PATH_INFO"]
    return client.post(path, form_of(page.text).posted({"password1": password}))


def works(link):
    return "password1" in follow(link).text


def test_a_person_gets_a_letter_sets_a_password_and_logs_in_with_it(logged_in, anna):
    elsewhere = logged_in(anna)
    assert ask("ANNA@Example.com")["Location"] == DONE
    [letter] = letters()
    browser = Client()
    answer = set_password(follow(link_in(letter), browser), browser)
    assert answer["Location"] == reverse("account_reset_password_from_key_done")
    assert not Client().login(email=anna.email, password=PASSWORD)
    assert Client().login(email=anna.email, password=NEW)
    assert elsewhere.get("/profile/").status_code == 302, "other browsers are logged out"
    [told] = letters()
    assert (letter.to, told.to) == ([anna.email], [anna.email])
    assert "has been changed" in told.body
    kinds = list(SecurityEvent.objects.order_by("id").values_list("kind", "user"))
    assert kinds[:2] == [("password_asked", None), ("password_changed", anna.pk)]


def test_a_poor_password_is_refused_and_the_link_still_works(anna, link):
    browser = Client()
    answer = set_password(follow(link, browser), browser, "short")
    assert answer.context["form"].errors["password1"]
    assert works(link)


# S14


def test_a_link_works_once(link):
    browser = Client()
    set_password(follow(link, browser), browser)
    assert not works(link)
    assert "This link no longer works" in follow(link).text


def test_a_link_works_for_an_hour(link):
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=59), tick=False):
        assert works(link)
    with time_machine.travel(now + timedelta(minutes=61), tick=False):
        assert not works(link)


@pytest.mark.parametrize(
    "change",
    [
        {"password": "an-other-boat-of-four"},
        {"email": "anna@new.example"},
        {"can_log_in": False},
        {"is_active": False},
    ],
    ids=str,
)
def test_a_link_dies_when_the_password_the_e_mail_or_the_access_is_another(link, anna, admin, change):
    opened = Client()
    page = follow(link, opened)
    anna.change(by=admin, **change)
    assert not works(link)
    set_password(page, opened)
    assert not User.objects.get(pk=anna.pk).check_password(NEW)


def test_a_link_dies_when_its_person_logs_in(link, anna):
    Client().post(reverse("account_login"), {"login": anna.email, "password": PASSWORD})
    assert not works(link)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"HTTP_HOST": "evil.example"}, 400),
        ({"HTTP_HOST": "localhost:6666"}, 302),
        ({"HTTP_X_FORWARDED_HOST": "evil.example"}, 302),
        ({"HTTP_FORWARDED": "host=evil.example"}, 302),
        ({"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_PORT": "6666"}, 302),
    ],
    ids=str,
)
def test_no_header_of_a_request_gets_into_a_link(anna, headers, status):
    assert ask(anna.email, **headers).status_code == status
    for letter in letters():
        assert re.findall(r"https?://[^/\s]+", letter.body) == [settings.SITE_URL]


def test_the_link_is_in_no_log_and_in_no_job(link, caplog):
    """S39, S40."""
    key = link.rstrip("/").rpartition("/")[2]
    caplog.set_level(logging.INFO)
    browser = Client()
    set_password(follow(link, browser), browser)
    follow(link)
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert any("/accounts/password/reset/key/" in line for line in lines), "the check can't fail"
    assert not any(key in line for line in lines)
    assert not any(key in str(job.args) for job in ProcrastinateJob.objects.all())


# S12


@pytest.fixture
def gone(boris, admin):
    """Who has an e-mail here and can't log in any more."""
    return boris.change(by=admin, can_log_in=False)


def work_of(request):
    """Return the answer to `request()`, and the SQL it took without its values."""
    with CaptureQueriesContext(connection) as queries:
        answer = request()
    # texts and numbers are values, or in names of savepoints and cursors
    return answer, [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries]


def test_asking_is_the_same_work_and_answer_for_the_known_the_unknown_and_the_gone(anna, gone):
    ask("first@example.com")  # what a process asks once
    answers = [
        work_of(lambda email=email: ask(email, Client()))
        for email in (anna.email, "nobody@example.com", gone.email)
    ]
    (known, _), (unknown, _), (left, _) = answers
    assert known.status_code == unknown.status_code == left.status_code == 302
    assert known["Location"] == unknown["Location"] == left["Location"] == DONE
    assert [sql for _answer, sql in answers] == [answers[0][1]] * 3
    assert not any("accounts_user" in sql for sql in answers[0][1]), "nobody is looked up"
    assert [letter.to for letter in letters()] == [[anna.email]]


def test_a_request_sends_no_letter_itself(anna, mailoutbox):
    before = set(ProcrastinateJob.objects.values_list("pk", flat=True))
    ask(anna.email)
    assert mailoutbox == []
    [job] = ProcrastinateJob.objects.exclude(pk__in=before)
    assert job.task_name == "accounts.send_password_reset"


def test_a_refused_log_in_is_the_same_work_and_answer_for_everybody(anna, gone, monkeypatch):
    """One hash for each, so that the time does not tell; figures: tests/security/test_times_of_answers.py."""
    hashed = []
    encode = MD5PasswordHasher.encode

    def counted(hasher, password, *salt):
        hashed.append(password)
        return encode(hasher, password, *salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)

    def log_in(email, password="wrong-password"):
        hashed.clear()
        answer, sql = work_of(
            lambda: Client().post(reverse("account_login"), {"login": email, "password": password})
        )
        return answer.status_code, answer.context["form"].errors, len(hashed), sql

    log_in("first@example.com")  # what a process asks once
    known = log_in(anna.email)
    assert known[2] == 1
    assert log_in("nobody@example.com") == known
    assert log_in(gone.email) == known
    assert log_in(gone.email, PASSWORD) == known
