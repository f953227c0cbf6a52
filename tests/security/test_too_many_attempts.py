"""Guessing is slowed down, for all workers together (TRUST S13)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F
from django.test import Client, RequestFactory

from accounts.addresses import client_address, subscriber_of
from accounts.models import Attempt, SecurityEvent
from accounts.models.attempt import (
    LETTERS,
    LETTERS_OF_ADDRESS,
    LETTERS_OF_NEW_EMAIL,
    PASSWORDS,
    PASSWORDS_OF_ADDRESS,
)
from accounts.refusals import TooManyAttempts
from accounts.tasks import forget_past
from crm_site.environment import networks
from tests.world import PASSWORD

HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"  # RFC 5737


def log_in(email, password, address=HERE, client=None):
    return (client or Client()).post(
        "/accounts/login/",
        {"login": email, "password": password},
        headers={"X-Forwarded-For": address, "Accept-Language": "en"},
    )


def by_nobody(rf, address=HERE):
    """A request of nobody who is logged in."""
    request = rf.post("/", headers={"X-Forwarded-For": address})
    request.user = AnonymousUser()
    return request


def is_in(client):
    return client.get("/profile/").status_code == 200


@pytest.fixture
def guessed(anna):
    """anna, whose password somebody at HERE has guessed as often as is allowed."""
    for _n in range(PASSWORDS.most):
        assert log_in(anna.email, "wrong").status_code == 200
    return anna


def test_after_ten_wrong_passwords_even_the_right_one_has_to_wait(guessed):
    browser = Client()
    answer = log_in(guessed.email, PASSWORD, client=browser)
    assert answer.status_code == 429
    assert "Too many attempts. Wait 15 minutes, then try again." in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert not is_in(browser)


def test_the_right_password_from_another_address_still_works(guessed):
    browser = Client()
    log_in(guessed.email, PASSWORD, ELSEWHERE, client=browser)
    assert is_in(browser)


def test_a_colleague_at_the_same_address_still_gets_in(guessed, boris):
    browser = Client()
    log_in(boris.email, PASSWORD, client=browser)
    assert is_in(browser)


def test_the_wait_ends(guessed):
    Attempt.objects.update(until=F("until") - timedelta(minutes=16))
    browser = Client()
    log_in(guessed.email, PASSWORD, client=browser)
    assert is_in(browser)


def test_somebody_who_is_not_here_is_waited_for_in_the_same_words(company):
    answers = [log_in("nobody@example.com", "wrong") for _n in range(PASSWORDS.most + 1)]
    assert answers[-1].status_code == 429
    assert "Too many attempts. Wait 15 minutes" in answers[-1].text


def test_the_spelling_of_an_address_starts_no_new_count(guessed):
    assert log_in(guessed.email.upper(), "wrong").status_code == 429


def test_one_password_can_not_be_tried_on_everybody(company):
    for n in range(PASSWORDS_OF_ADDRESS.most):
        assert log_in(f"person{n}@example.com", "wrong").status_code == 200
    assert log_in("somebody@example.com", "wrong").status_code == 429


def test_who_is_over_the_limit_of_an_address_adds_no_rows(company, rf):
    for n in range(PASSWORDS_OF_ADDRESS.most):
        Attempt.objects.take_password(f"person{n}@example.com", request=by_nobody(rf))
    rows = Attempt.objects.count()
    with pytest.raises(TooManyAttempts):
        Attempt.objects.take_password("somebody@example.com", request=by_nobody(rf))
    assert Attempt.objects.count() == rows


def test_what_one_account_is_refused_is_not_counted_for_the_address(company, rf):
    for _n in range(PASSWORDS_OF_ADDRESS.most + 1):
        with suppress(TooManyAttempts):
            Attempt.objects.take_password("person@example.com", request=by_nobody(rf))
    assert len(Attempt.objects.take_password("colleague@example.com", request=by_nobody(rf))) == 2


def test_one_address_does_not_use_up_the_letters_of_others(anna, rf):
    for n in range(LETTERS_OF_ADDRESS.most):
        Attempt.objects.take_letter(LETTERS, f"person{n}@example.com", request=by_nobody(rf))
    for _n in range(LETTERS.most):
        with pytest.raises(TooManyAttempts):
            Attempt.objects.take_letter(LETTERS, anna.email, request=by_nobody(rf))
    assert Attempt.objects.take_letter(LETTERS, anna.email, request=by_nobody(rf, ELSEWHERE))


def test_a_colleague_who_wants_this_e_mail_uses_up_no_letters_to_a_new_password(anna, rf):
    for _n in range(LETTERS_OF_NEW_EMAIL.most):
        Attempt.objects.take_letter(LETTERS_OF_NEW_EMAIL, anna.email, request=by_nobody(rf))
    assert Attempt.objects.take_letter(LETTERS, anna.email, request=by_nobody(rf))


def test_right_passwords_are_no_attempts(anna):
    for _n in range(PASSWORDS.most + 2):
        browser = Client()
        log_in(anna.email, PASSWORD, client=browser)
        assert is_in(browser)


def test_the_current_password_can_not_be_guessed_from_within(logged_in, anna):
    client = logged_in(anna)
    form = {
        "oldpassword": "wrong",
        "password1": "seven-boats-on-a-lake",
        "password2": "seven-boats-on-a-lake",
    }
    answers = [client.post("/accounts/password/change/", form) for _n in range(PASSWORDS.most + 1)]
    assert [answer.status_code for answer in answers] == [200] * PASSWORDS.most + [429]
    answers = [client.post("/accounts/reauthenticate/", {"password": PASSWORD})]
    assert answers[-1].status_code == 429


def test_the_record_of_security_tells_once_that_somebody_was_stopped(guessed):
    for _n in range(3):
        log_in(guessed.email, "wrong")
    told = SecurityEvent.objects.filter(kind="too_many_attempts")
    assert [(each.address, each.particulars) for each in told] == [(HERE, {"email": guessed.email})]


def test_a_count_tells_of_nobody(guessed):
    assert not Attempt.objects.filter(key__icontains="anna").exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_get_through_than_are_allowed(company):
    """The count of a process of its own, or one that is read before it is written, lets all of them in."""

    def guess(_n):
        try:
            return log_in("nobody@example.com", "wrong").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        answers = list(workers.map(guess, range(PASSWORDS.most + 6)))
    assert sorted(answers) == [200] * PASSWORDS.most + [429] * 6


def test_what_no_longer_counts_is_forgotten(guessed):
    kept = Attempt.objects.order_by("key")[0]
    Attempt.objects.exclude(pk=kept.pk).update(until=F("until") - timedelta(hours=1))
    forget_past(timestamp=0)
    assert list(Attempt.objects.all()) == [kept]


# Whose address it is

FORWARDED = [
    # who connects, X-Forwarded-For, whom we believe it to be
    (ELSEWHERE, "", ELSEWHERE),
    (ELSEWHERE, HERE, ELSEWHERE),  # nobody believes a stranger
    ("127.0.0.1", HERE, HERE),
    ("::1", HERE, HERE),
    ("127.0.0.1", f"8.8.8.8, {HERE}", HERE),  # what stands before the last step is the browser's own word
    ("127.0.0.1", f"8.8.8.8, {HERE}, 127.0.0.1", HERE),
    ("127.0.0.1", "nonsense", "127.0.0.1"),
    ("127.0.0.1", f"{HERE}, nonsense", "127.0.0.1"),
    ("127.0.0.1", "", "127.0.0.1"),
    ("", HERE, HERE),  # a socket of this machine
    ("", "", None),
    ("::ffff:198.51.100.7", "", HERE),
    ("127.0.0.1", "2001:db8::7", "2001:db8::7"),
    ("10.0.0.5", f"8.8.8.8, {HERE}", HERE),  # a proxy of TRUSTED_PROXIES
    ("127.0.0.1", f"{HERE}, 10.0.0.5", HERE),
]


@pytest.mark.parametrize(("connects", "forwarded", "believed"), FORWARDED)
def test_only_our_own_proxies_say_where_a_request_comes_from(settings, connects, forwarded, believed):
    settings.TRUSTED_PROXIES = networks("TRUSTED_PROXIES", "10.0.0.0/24")
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=connects)
    assert client_address(request) == believed


def test_who_has_many_addresses_is_one_subscriber():
    def of(address):
        return subscriber_of(RequestFactory().get("/", REMOTE_ADDR=address))

    assert of("2001:db8:1:2::3") == of("2001:db8:1:2:ffff::9") != of("2001:db8:1:3::3")
    assert of(HERE) != of(ELSEWHERE)
