"""The second factor: set up, asked for, replayed, lost, required (TRUST S15, S41)."""

import base64
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import SecurityEvent
from accounts.models.attempt import CODES
from accounts.refusals import OwnSecondFactor
from accounts.second_factor.codes import authenticator_for
from tests.filled import admin_page, fill_in
from tests.jobs import letters
from tests.phones import code_of, recovery_codes_of, with_phone
from tests.world import PASSWORD

LOG_IN, CODE, SET_UP = "/accounts/login/", "/accounts/2fa/code/", "/accounts/2fa/set-up/"
CODES_PAGE, SWITCH_OFF = "/accounts/2fa/recovery/", "/accounts/2fa/switch-off/"


@pytest.fixture
def secret(anna):
    """Of anna's phone."""
    return with_phone(anna)


@pytest.fixture
def required(company):
    company.second_factor_required = True
    company.save()


def with_password(person, client=None, next_page="/profile/"):
    """A browser in which the person's password was typed."""
    client = client or Client(headers={"Accept-Language": "en"})
    client.post(LOG_IN, {"login": person.email, "password": PASSWORD, "next": next_page})
    return client


def is_in(client):
    return client.get("/profile/").status_code == 200


def kinds():
    return list(SecurityEvent.objects.order_by("id").values_list("kind", flat=True))


# At the log-in


def test_the_password_alone_does_not_let_in_who_has_a_phone(anna, secret):
    client = with_password(anna)
    assert not is_in(client)
    assert client.get(LOG_IN).headers["Location"] == CODE
    answer = client.post(CODE, {"code": code_of(secret)})
    assert answer.headers["Location"] == "/profile/"
    assert is_in(client)
    assert kinds() == ["logged_in"]


def test_the_administration_asks_for_the_code_too(admin):
    secret = with_phone(admin)
    client = Client()
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(LOG_IN)
    with_password(admin, client, next_page="/admin/")
    assert client.get("/admin/").status_code == 302
    assert client.post(CODE, {"code": code_of(secret)}).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_wrong_code_is_refused_at_its_field_and_recorded(anna, secret):
    client = with_password(anna)
    answer = client.post(CODE, {"code": "000000" if code_of(secret) != "000000" else "111111"})
    assert answer.status_code == 422
    assert "This code is wrong, or was used already." in answer.text
    assert not is_in(client)
    [event] = SecurityEvent.objects.all()
    assert (event.kind, event.user, event.particulars) == ("code_refused", anna, {})


def test_a_code_lets_in_once(anna, secret):
    code = code_of(secret)
    assert is_in_after(anna, code)
    for again in (code, f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}"):
        assert not is_in_after(anna, again)
    assert is_in_after(anna, code_of(secret, later=1))


def is_in_after(person, code):
    client = with_password(person)
    client.post(CODE, {"code": code})
    return is_in(client)


def test_a_code_is_used_for_all_workers(anna, secret, rf, monkeypatch):
    """allauth's own memory of used codes is one of each process; here it forgets."""
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.TOTP._mark_code_used", lambda *_of: True)
    request, code = rf.post(CODE), code_of(secret)
    assert authenticator_for(anna, code, request=request).type == Authenticator.Type.TOTP
    assert authenticator_for(anna, code, request=request) is None


def test_a_code_of_long_ago_is_none(anna, secret):
    assert not is_in_after(anna, code_of(secret, later=-3))
    assert not is_in_after(anna, code_of(secret, later=3))


def test_the_code_of_another_person_is_none(anna, boris, secret):
    assert not is_in_after(anna, code_of(with_phone(boris)))


def test_codes_can_not_be_guessed(anna, secret):
    client = with_password(anna)
    for _n in range(CODES.most):
        assert client.post(CODE, {"code": "wrong"}).status_code == 422
    answer = client.post(CODE, {"code": code_of(secret)})
    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.text
    elsewhere = with_password(anna, Client(headers={"X-Forwarded-For": "203.0.113.9"}))
    assert elsewhere.post(CODE, {"code": code_of(secret)}).status_code == 429


def test_another_person_can_log_in_where_a_code_was_asked_for(anna, boris, secret):
    client = with_password(anna)
    client.post("/accounts/logout/")
    with_password(boris, client)
    assert client.session["_auth_user_id"] == str(boris.pk)


# Recovery codes


def test_a_recovery_code_lets_in_once(anna, secret):
    code = recovery_codes_of(anna)[3]
    assert is_in_after(anna, code)
    assert not is_in_after(anna, code)
    assert len(recovery_codes_of(anna)) == 9
    assert "recovery_code_used" in kinds()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_one_recovery_code_at_once_one_gets_in(anna, secret, rf):
    code = recovery_codes_of(anna)[0]
    request = rf.post(CODE)
    request.user = anna

    def send(_n):
        try:
            return authenticator_for(anna, code, request=request) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(send, range(4))) == [False, False, False, True]


# Setting up


def set_up(client):
    """Go through the set-up; return (the page of the codes, the phone's secret)."""
    page = client.get(SET_UP)
    shown = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)[1].replace(" ", "")
    answer = client.post(SET_UP, {"code": code_of(shown)}, follow=True)
    return answer, shown


def test_it_is_set_up_with_a_picture_and_the_first_code(anna):
    client = with_password(anna)
    page = client.get(SET_UP)
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page.text)[1]
    assert b"<svg" in base64.b64decode(picture)
    answer, secret = set_up(client)
    assert answer.redirect_chain[-1][0] == CODES_PAGE
    assert "second_factor_set_up" in kinds()
    client.post("/accounts/logout/")
    assert not is_in(with_password(anna))
    assert is_in_after(anna, code_of(secret, later=1))


def test_who_gets_a_second_factor_or_loses_it_is_told_by_letter(anna, admin):
    set_up(with_password(anna))
    anna.take_second_factor(by=admin)
    on, off = letters()
    assert on.to == off.to == [anna.email]
    assert ("is switched on" in on.subject, "is switched off" in off.subject) == (True, True)


def test_a_page_loaded_anew_shows_the_secret_that_the_phone_has_by_now(anna):
    client = with_password(anna)
    shown = [re.search(r"<code>([A-Z2-7 ]+)</code>", client.get(SET_UP).text)[1] for _n in range(2)]
    assert shown[0] == shown[1]


def test_a_wrong_first_code_sets_nothing_up(anna):
    client = with_password(anna)
    client.get(SET_UP)
    assert client.post(SET_UP, {"code": "wrong"}).status_code == 422
    assert not anna.authenticator_set.exists()


def test_the_code_that_set_it_up_lets_nobody_in(anna):
    _answer, secret = set_up(with_password(anna))
    assert not is_in_after(anna, code_of(secret))


def test_the_codes_are_shown_once_and_the_page_has_their_file(anna):
    client = with_password(anna)
    answer, _secret = set_up(client)
    shown = re.findall(r"<li><code>(\d{8})</code></li>", answer.text)
    assert shown == recovery_codes_of(anna)
    assert len(set(shown)) == 10
    file = base64.b64decode(re.search(r'href="data:text/plain;base64,([^"]+)" download', answer.text)[1])
    assert file.decode().split() == shown
    again = client.get(CODES_PAGE)
    assert again.status_code == 200
    assert not any(code in again.text for code in shown)


def test_new_codes_replace_the_old_ones(anna):
    client = with_password(anna)
    set_up(client)
    old = recovery_codes_of(anna)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.post("/accounts/2fa/recovery/new/", follow=True)
    assert re.findall(r"<li><code>(\d{8})</code></li>", answer.text) == recovery_codes_of(anna) != old
    assert not is_in_after(anna, old[0])


def test_the_page_of_the_secret_is_kept_by_no_browser(anna):
    client = with_password(anna)
    assert "no-store" in client.get(SET_UP).headers["Cache-Control"]
    answer, _secret = set_up(client)
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", [SWITCH_OFF, "/accounts/2fa/recovery/new/"])
def test_it_is_changed_with_the_password_only(logged_in, anna, secret, path):
    client = logged_in(anna)
    before = recovery_codes_of(anna)
    for answer in (client.get(path), client.post(path)):
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert anna.authenticator_set.count() == 2
    assert recovery_codes_of(anna) == before


def test_it_is_set_up_with_the_password_unless_that_was_just_typed(logged_in, anna):
    assert logged_in(anna).get(SET_UP).headers["Location"].startswith("/accounts/reauthenticate/")
    assert with_password(anna).get(SET_UP).status_code == 200


def test_switched_off_the_password_is_enough_again(logged_in, anna, secret):
    client = logged_in(anna)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post(SWITCH_OFF)
    assert not anna.authenticator_set.exists()
    assert "second_factor_off" in kinds()
    assert is_in(with_password(anna))


# In the base


def test_the_base_has_no_secret_in_clear(anna):
    _answer, secret = set_up(with_password(anna))
    kept = "".join(str(each.data) for each in anna.authenticator_set.all())
    assert secret not in kept
    assert not any(code in kept for code in recovery_codes_of(anna))
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(log::text, '') FROM accounts_securityevent AS log")
        [(told,)] = cursor.fetchall()
    assert secret not in told


def test_with_another_secret_key_it_says_what_to_do(anna, secret, settings):
    settings.SECRET_KEY = 8 * "another "
    client = with_password(anna)
    answer = client.post(CODE, {"code": code_of(secret)})
    assert answer.status_code == 409
    assert "Ask an administrator to take it away" in answer.text


def test_a_former_secret_key_still_reads_it(anna, secret, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = 8 * "the old "
    assert is_in_after(anna, code_of(secret))


# Lost


def test_an_admin_takes_a_lost_one_away(logged_in, admin, anna, secret):
    fill_in(logged_in(admin), admin_page(type(anna), "change", anna.pk), take_second_factor="on")
    assert is_in(with_password(anna))
    event = SecurityEvent.objects.get(kind="second_factor_taken")
    assert (event.user, event.particulars) == (admin, {"person": anna.pk})


def test_nobody_takes_his_own_away_without_the_password(logged_in, admin):
    with_phone(admin)
    forged = {"take_second_factor": "on"}
    answer = fill_in(logged_in(admin), admin_page(type(admin), "change", admin.pk), forged=forged)
    assert str(OwnSecondFactor.sentence) in answer.text
    assert admin.authenticator_set.exists()


def test_at_the_machine_the_last_admins_is_taken_away(admin, capsys):
    with_phone(admin)
    call_command("take_second_factor", "ADMIN@example.com")
    assert is_in(with_password(admin))
    assert SecurityEvent.objects.filter(kind="second_factor_taken", user=None).exists()
    for email in (admin.email, "nobody@example.com"):
        with pytest.raises(CommandError):
            call_command("take_second_factor", email)


# Required


@pytest.mark.parametrize(
    "path", ["/", "/deals/", "/profile/", "/admin/", "/accounts/password/change/", "/nowhere/1/"]
)
def test_where_it_is_required_no_other_page_opens(logged_in, required, admin, path, pipeline):
    answer = logged_in(admin).get(path)
    if path == "/nowhere/1/":
        assert answer.status_code == 404
    else:
        assert answer.headers["Location"] == SET_UP


def test_where_it_is_required_no_fragment_opens_and_nothing_is_written(logged_in, required, anna, deal):
    client = logged_in(anna)
    answer = client.get(f"/deals/{deal.pk}/field/title/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == SET_UP
    client.post(f"/deals/{deal.pk}/field/title/", {"value": "Changed", "shown": deal.title})
    deal.refresh_from_db()
    assert deal.title != "Changed"


def test_who_sets_it_up_goes_on(required, anna, pipeline):
    client = with_password(anna, next_page="/deals/")
    assert client.get("/deals/").headers["Location"] == SET_UP
    set_up(client)
    assert client.get("/deals/").status_code == 200


def test_who_can_not_set_it_up_now_can_log_out(logged_in, required, anna):
    client = logged_in(anna)
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_the_admin_decides_whether_it_is_required_and_is_recorded(logged_in, admin, company):
    path = admin_page(type(company), "change", company.pk)
    fill_in(logged_in(admin), path, second_factor_required="on")
    company.refresh_from_db()
    assert company.second_factor_required
    event = SecurityEvent.objects.get(kind="second_factor_required")
    assert (event.user, event.particulars) == (admin, {"before": False, "after": True})
    assert logged_in(admin).get(path).headers["Location"] == SET_UP


def test_switched_off_where_it_is_required_it_is_set_up_anew(logged_in, required, anna, secret):
    client = logged_in(anna)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post(SWITCH_OFF)
    assert client.get("/deals/").headers["Location"] == SET_UP
