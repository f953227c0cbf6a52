"""A page, a part, a redirect or a refusal: the server chooses."""

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from ui import errors
from ui.answers import Refusal, done, leave, show
from ui.middleware import RefusalMiddleware

PAGE = "ui/error.html"


class Kept(BaseStorage):
    def _get(self, *args, **kwargs):
        return [], True

    def _store(self, messages, response, *args, **kwargs):
        return []


class Overtaken(Refusal):
    sentence = "Boris was first."
    field = "stage"


def request_of(htmx=False, path="/", **headers):
    if htmx:
        headers["HX-Request"] = "true"
    request = RequestFactory().get(path, headers=headers)
    request.htmx = HtmxDetails(request)
    request._messages = Kept(request)
    return request


def test_a_browser_gets_the_page_and_htmx_its_part():
    context = {"form": None, "sentence": "So it is."}
    page = show(request_of(), PAGE, "", context)
    assert b"<html" in page.content
    assert "HX-Request" in page.headers["Vary"]


def test_a_step_back_gets_the_whole_page():
    request = request_of(htmx=True, **{"HX-History-Restore-Request": "true"})
    assert b"<html" in show(request, PAGE, "no-such-part", {}).content


def test_what_is_done_without_htmx_is_a_303():
    response = done(request_of(), PAGE, "part", {}, page="/board/")
    assert response.status_code == 303
    assert response.headers["Location"] == "/board/"


def test_htmx_leaves_with_the_whole_window():
    response = leave(request_of(htmx=True), "/board/")
    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == "/board/"
    assert "Location" not in response.headers


def test_a_refusal_is_a_page_that_says_what_happened():
    response = RefusalMiddleware(None).process_exception(request_of(), Overtaken())
    assert response.status_code == 409
    assert b"Boris was first." in response.content
    assert b"<html" in response.content


def test_a_refusal_of_a_part_is_a_toast_beside_it():
    response = RefusalMiddleware(None).process_exception(request_of(htmx=True), Overtaken())
    assert response.status_code == 409
    assert response.headers["HX-Retarget"] == "#toasts"
    assert b"Boris was first." in response.content
    assert b"<html" not in response.content


def test_a_permission_denied_says_its_sentence():
    refused = PermissionDenied("Only heads may do this.")
    response = RefusalMiddleware(None).process_exception(request_of(), refused)
    assert response.status_code == 403
    assert b"Only heads may do this." in response.content


def test_a_redirect_to_the_log_in_does_not_land_in_a_part():
    """U18: the script asks for the log-in in a dialog, and the page stays as it is."""
    request = request_of(htmx=True)
    middleware = RefusalMiddleware(
        lambda _request: HttpResponseRedirect("/accounts/login/?next=/deals/part/")
    )
    response = middleware(request)
    assert response.status_code == 401
    assert response.headers["HX-Retarget"] == "#toasts"
    assert b"no longer logged in" in response.content
    assert b"password" not in response.content


def test_another_redirect_of_a_part_takes_the_whole_window():
    middleware = RefusalMiddleware(lambda _request: HttpResponseRedirect("/board/"))
    assert middleware(request_of(htmx=True)).headers["HX-Redirect"] == "/board/"


def test_other_answers_pass():
    answer = HttpResponse("x")
    assert RefusalMiddleware(lambda _request: answer)(request_of(htmx=True)) is answer


def test_a_refusal_can_be_said_at_its_field():
    form = forms.Form({})
    form.fields["stage"] = forms.CharField(required=False)
    form.is_valid()
    Overtaken().add_to(form)
    assert form.errors["stage"] == ["Boris was first."]


@pytest.mark.parametrize("handler", [errors.page_not_found, errors.bad_request, errors.permission_denied])
def test_an_error_page_asks_nothing_of_the_database(handler):
    # no database mark: a query would fail the test
    assert b"<html" in handler(request_of(), Exception()).content


def test_the_500_page_names_the_requests_id():
    request = request_of()
    request.id = "abc123"
    assert b"abc123" in errors.server_error(request).content


def test_an_error_before_any_middleware_still_has_a_page():
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"<html" in response.content


def test_messages_reach_htmx_beside_the_part(monkeypatch):
    request = request_of(htmx=True)
    messages.success(request, "Saved <b>")
    response = HttpResponse(b"part")
    monkeypatch.setattr("ui.answers.render", lambda *args, **kwargs: response)
    answer = show(request, PAGE, "part", {})
    assert b'hx-swap-oob="beforeend"' in answer.content
    assert b"Saved &lt;b&gt;" in answer.content


@pytest.mark.parametrize(
    ("referer", "shown"),
    [
        ("http://testserver/deals/5/", True),
        ("https://evil.example/", False),
        ("http://testserver//evil.example/", True),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_a_refused_form_leads_back_to_its_page_and_nowhere_else(referer, shown):
    request = RequestFactory().post("/", headers={"Referer": referer, "Host": "testserver"})
    request.htmx = HtmxDetails(request)
    page = errors.refused(request, Overtaken()).content.decode()
    assert ("Back to the page" in page) is shown
    assert "//evil" not in page
    assert "javascript" not in page
