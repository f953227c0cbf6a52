"""What fails while a page is made is a sentence, and what was typed is kept (TRUST R3, R18, U17)."""

import errno
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InterfaceError, connection, transaction
from django.test import Client
from psycopg import errors

from crm_site.failures import failure_in
from deals.models import Deal
from tests.crm_site.errors import said
from tests.faults.person import form_with
from ui import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def annas(logged_in, anna):
    client = logged_in(anna)
    client.raise_request_exception = False
    return client


@pytest.fixture
def change(annas, deal, monkeypatch):
    """Return a function that changes the deal's title while the door raises `error`."""

    def sent(error, title="Typed words", **headers):
        def failing(*arguments, **options):
            raise error

        monkeypatch.setattr(Deal, "change", failing)
        shown = json.dumps(deal.title)
        return annas.post(f"/deals/{deal.pk}/field/title/", {"value": title, "shown": shown}, headers=headers)

    return sent


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (said(errors.DiskFull("could not extend file: No space left on device")), "disk of the server"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk of the server"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk of the server"),
        (said(errors.LockNotAvailable("canceling statement due to lock timeout")), "Somebody else"),
        (said(errors.QueryCanceled("canceling statement due to statement timeout")), "too long"),
        (said(errors.TooManyConnections("too many clients already")), "does not answer"),
        (InterfaceError("the connection is closed"), "does not answer"),
    ],
    ids=["disk full", "no space", "quota", "lock", "statement", "connections", "closed"],
)
def test_a_failure_says_what_it_is_and_keeps_what_was_typed(change, error, sentence):
    answer = change(error)
    assert answer.status_code == 503
    assert sentence in answer.text
    assert form_with("value", answer.text)["value"] == "Typed words"


def test_a_defect_of_ours_is_a_500_that_keeps_what_was_typed_too(change):
    answer = change(ZeroDivisionError())
    assert answer.status_code == 500
    assert form_with("value", answer.text)["value"] == "Typed words"


def test_to_htmx_a_failure_is_a_toast_with_a_retry_beside_the_form(change):
    answer = change(said(errors.DiskFull("no space")), **{"HX-Request": "true"})
    assert answer.status_code == 503
    assert answer.headers["HX-Retarget"] == "#toasts"
    assert "data-retry" in answer.text
    assert "<html" not in answer.text


def test_a_refused_constraint_is_no_failure_of_the_base():
    assert failure_in(said(errors.UniqueViolation("duplicate key"), IntegrityError)) is None


def test_in_a_base_that_can_only_be_read_pages_are_shown_and_nothing_is_lost(annas, deal):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        page = annas.get(f"/deals/{deal.pk}/")
        answer = annas.post(
            f"/deals/{deal.pk}/field/title/", {"value": "Typed words", "shown": json.dumps(deal.title)}
        )
        transaction.set_rollback(True)
    assert (page.status_code, answer.status_code) == (200, 503)
    assert "can only be read" in answer.text
    assert form_with("value", answer.text)["value"] == "Typed words"


def test_sent_once_more_the_kept_form_is_saved(change, annas, deal, monkeypatch):
    answer = change(said(errors.DiskFull("no space")), title="Line one\r\nLine two & <three>")
    monkeypatch.undo()
    form = form_with("value", answer.text)
    assert annas.post(f"/deals/{deal.pk}/field/title/", form).status_code == 303
    deal.refresh_from_db()
    assert deal.title.startswith("Line one")
    assert deal.title.endswith("Line two & <three>")


def test_a_page_that_failed_can_be_asked_for_again(annas, deal, monkeypatch):
    def failing(user):
        raise said(errors.QueryCanceled("canceling statement due to statement timeout"))

    monkeypatch.setattr(Deal.objects, "visible_to", failing)
    answer = annas.get(f"/deals/{deal.pk}/?after=5")
    assert answer.status_code == 503
    assert f'href="/deals/{deal.pk}/?after=5"' in answer.text


@pytest.fixture
def broken(monkeypatch):
    """Every page of the sort fails."""

    def fail(view):
        def failing(*arguments, **options):
            raise said(errors.DiskFull("no space"))

        monkeypatch.setattr(view, failing)

    return fail


def test_a_password_is_never_kept(client, broken, company):
    broken("desk.views.setup.FirstAdminForm.is_valid")
    client.raise_request_exception = False
    typed_there = {"first_name": "Zoe", "password": "a-secret-of-zoe", "key": "printed-key"}
    kept = typed.typed_in(client.post("/setup/", typed_there).wsgi_request)
    assert kept is None or {name for name, _value in kept.fields} == {"first_name"}


def test_nothing_of_the_entrance_is_kept(client, admin, broken):
    client.raise_request_exception = False
    broken("accounts.forms.LogInForm.is_valid")
    answer = client.post("/accounts/login/", {"login": "anna@example.com", "password": "a-secret"})
    assert answer.status_code == 503
    assert "a-secret" not in answer.text
    assert 'value="anna@example.com"' not in answer.text


def test_a_file_is_asked_for_again_and_the_rest_is_kept(change, annas, deal):
    change(said(errors.DiskFull("no space")))
    answer = annas.post(
        f"/deals/{deal.pk}/field/title/", {"value": "Typed", "file": SimpleUploadedFile("a.txt", b"bytes")}
    )
    assert "Only the file has to be chosen again." in answer.text
    assert "bytes" not in answer.text


def test_more_than_fits_a_page_is_not_kept_and_the_page_is_led_back_to(change, annas, deal):
    back = f"http://testserver/deals/{deal.pk}/"
    change(said(errors.DiskFull("no space")))
    answer = annas.post(
        f"/deals/{deal.pk}/field/title/",
        {"value": "Typed", "more": "x" * (typed.MOST_CHARACTERS + 1)},
        headers={"Referer": back, "Host": "testserver"},
    )
    assert answer.status_code == 503
    assert len(answer.content) < 10_000
    assert f'href="/deals/{deal.pk}/"' in answer.text


def test_the_kept_form_has_a_token_that_is_taken(change, anna, deal, monkeypatch):
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(anna)
    begun = form_with("value", strict.get(f"/deals/{deal.pk}/field/title/").text)
    change(said(errors.DiskFull("no space")))
    failed = strict.post(f"/deals/{deal.pk}/field/title/", begun | {"value": "Kept"})
    assert failed.status_code == 503
    monkeypatch.undo()
    again = strict.post(f"/deals/{deal.pk}/field/title/", form_with("value", failed.text))
    assert again.status_code == 303
