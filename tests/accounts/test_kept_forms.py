"""A session that ends in the middle of a form loses nothing, and gives nothing to anybody else (U17)."""

import json

import pytest
from django.test import Client

from accounts.kept_forms import KEPT_FORMS, PERSON_COOKIE
from tests.faults.person import form_with
from tests.phones import code_of, with_phone
from tests.world import PASSWORD

TYPED = "Typed, and\r\nnot lost <b>"


@pytest.fixture
def annas(client, anna, deal):
    """Anna's browser: she logged in and opened a page."""
    client.force_login(anna)
    client.get(f"/deals/{deal.pk}/")
    return client


@pytest.fixture
def sent_too_late(annas, deal):
    """Return a function that ends the session and sends the title's form, and gives the answer."""

    def send(**fields):
        annas.session.delete()
        shown = json.dumps(deal.title)
        return annas.post(f"/deals/{deal.pk}/field/title/", {"value": TYPED, "shown": shown, **fields})

    return send


def log_in(client, person, page):
    """Log in with the form of the page that `page` led to, and follow to the next one."""
    form = form_with("login", client.get(page.headers["Location"]).text)
    return client.post("/accounts/login/", form | {"login": person.email, "password": PASSWORD}, follow=True)


def test_after_the_log_in_the_form_is_sent_with_one_click(sent_too_late, annas, anna, deal):
    kept = log_in(annas, anna, sent_too_late())
    assert kept.status_code == 200
    form = form_with("value", kept.text)
    assert (f'action="/deals/{deal.pk}/field/title/"' in kept.text, form["value"]) == (True, TYPED)
    assert annas.post(f"/deals/{deal.pk}/field/title/", form).status_code == 303
    deal.refresh_from_db()
    assert deal.title.startswith("Typed, and")
    assert not annas.session[KEPT_FORMS]


def test_what_waits_survives_a_wrong_password(sent_too_late, annas, anna):
    page = sent_too_late()
    form = form_with("login", annas.get(page.headers["Location"]).text)
    annas.post("/accounts/login/", form | {"login": anna.email, "password": "wrong"})
    assert form_with("value", log_in(annas, anna, page).text)["value"] == TYPED


def test_what_waits_survives_the_second_factor(sent_too_late, annas, anna):
    secret = with_phone(anna)
    assert "Code from your phone" in log_in(annas, anna, sent_too_late()).text
    kept = annas.post("/accounts/2fa/code/", {"code": code_of(secret)}, follow=True)
    assert form_with("value", kept.text)["value"] == TYPED


def test_somebody_else_who_logs_in_there_gets_nothing_of_it(sent_too_late, annas, boris, deal):
    answer = log_in(annas, boris, sent_too_late())
    assert TYPED not in answer.text
    assert "Nothing of yours is waiting" in answer.text
    assert not annas.session.get(KEPT_FORMS)
    deal.refresh_from_db()
    assert deal.version == 1


def test_a_browser_in_which_nobody_logged_in_keeps_nothing(deal):
    stranger = Client()
    answer = stranger.post(f"/deals/{deal.pk}/field/title/", {"value": TYPED})
    assert answer.headers["Location"].startswith("/accounts/login/?next=")
    assert KEPT_FORMS not in stranger.session


def test_a_forged_name_of_the_person_keeps_nothing(sent_too_late, annas, anna):
    annas.cookies[PERSON_COOKIE] = f"{anna.pk}:forged"
    assert "/kept/" not in sent_too_late().headers["Location"]


def test_passwords_do_not_wait(sent_too_late, annas):
    sent_too_late(password="a-secret")
    assert "a-secret" not in json.dumps(annas.session[KEPT_FORMS])


def test_only_the_last_few_forms_wait(sent_too_late, annas):
    answers = [sent_too_late(number=1)]
    for number in range(2, 6):
        answers.append(annas.post("/deals/new/", {"title": f"Typed {number}"}))
    assert [form["fields"] for form in annas.session[KEPT_FORMS].values()] == [
        [["title", f"Typed {number}"]] for number in (3, 4, 5)
    ]


def test_a_form_that_is_sent_to_an_address_without_a_page_leads_back_to_where_it_was(annas, deal):
    annas.session.delete()
    headers = {"Referer": f"http://testserver/deals/{deal.pk}/?tab=changes", "Host": "testserver"}
    answer = annas.post(f"/deals/{deal.pk}/archive/", {}, headers=headers)
    assert answer.headers["Location"] == f"/accounts/login/?next=/deals/{deal.pk}/%3Ftab%3Dchanges"


def test_who_is_back_in_is_told_with_a_fresh_token(annas, anna):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(anna)
    told = strict.get("/accounts/back/").json()
    assert told["person"] == anna.pk
    answer = strict.post(
        "/preferences/set/", {"name": "theme", "value": "dark", "csrfmiddlewaretoken": told["token"]}
    )
    assert answer.status_code == 303


@pytest.fixture
def overtaken_form(anna, deal):
    """A form of a page that was opened before somebody logged in again in another tab; and its browser."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(anna)
    form = form_with("value", strict.get(f"/deals/{deal.pk}/field/title/").text)
    strict.cookies.pop("csrftoken")
    strict.get(f"/deals/{deal.pk}/")
    return strict, form | {"value": TYPED}


def test_a_form_from_before_another_log_in_is_kept_and_says_who_sends_it_now(overtaken_form, deal):
    client, form = overtaken_form
    answer = client.post(f"/deals/{deal.pk}/field/title/", form, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert "You are logged in as Anna Kuzmina" in answer.text
    again = form_with("value", answer.text)
    assert client.post(f"/deals/{deal.pk}/field/title/", again).status_code == 303
    deal.refresh_from_db()
    assert deal.title.startswith("Typed, and")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_a_form_of_another_site_is_not_one_click_away_from_being_taken(overtaken_form, deal, origin):
    client, form = overtaken_form
    answer = client.post(f"/deals/{deal.pk}/field/title/", form, headers={"Origin": origin} if origin else {})
    assert answer.status_code == 403
    assert form_with("value", answer.text) == {}


def test_htmx_is_told_that_a_fresh_token_helps(overtaken_form, deal):
    client, form = overtaken_form
    answer = client.post(f"/deals/{deal.pk}/field/title/", form, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["X-Stale-Token"]) == (403, "1")


def test_a_part_asked_for_without_a_log_in_is_a_401_and_no_page(annas, deal):
    """U18"""
    annas.session.delete()
    for send in (annas.get, annas.post):
        answer = send(f"/deals/{deal.pk}/field/title/", headers={"HX-Request": "true"})
        assert answer.status_code == 401
        assert "<form" not in answer.text
        assert "HX-Redirect" not in answer.headers
