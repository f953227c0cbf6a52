"""A form that was sent after the log-in had ended waits for the next log-in of the same person (TRUST U17).

Whose it is, the browser's signed cookie says: it names who logged in last. A form passes the CSRF check
only if it was shown since then (the secret changes at each log-in), so it was shown to that person.
"""

import secrets

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.urls import reverse

from ui.answers import wants_part
from ui.typed import Typed, came_from, typed_in

PERSON_COOKIE = settings.SESSION_COOKIE_NAME.replace("sessionid", "person")
YEAR_SECONDS = 365 * 24 * 3600
KEPT_FORMS = "kept_forms"  # of the session: {key: {"person", "address", "fields", "has_files"}}
MOST = 3  # forms at a time; a session is read with every page
KEPT = "kept"  # the field by which a form says that it is one of them, sent once more

_signer = signing.Signer(salt="accounts.kept_forms")


class KeptFormMiddleware(LoginRequiredMiddleware):
    """Leads whoever is not logged in to the log-in, and keeps the form that he sent.

    A part that htmx asked for is answered by RefusalMiddleware, and keeps what was typed in the page.
    """

    def process_response(self, request, response):
        person = getattr(request, "_cached_user", None)  # asking now would ask the base
        if person is not None and person.is_authenticated:
            name = _signer.sign(str(person.pk))
            if request.COOKIES.get(PERSON_COOKIE) != name:
                response.set_cookie(
                    PERSON_COOKIE,
                    name,
                    max_age=YEAR_SECONDS,
                    httponly=True,
                    samesite="Lax",
                    secure=settings.SESSION_COOKIE_SECURE,
                )
        return response

    def process_view(self, request, view_func, view_args, view_kwargs):
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is None and request.method == "POST" and KEPT in request.POST:
            _drop(request.session, request.POST[KEPT])  # from here on the request has it
        return refused

    def handle_no_permission(self, request, view_func):
        if request.method != "POST" or wants_part(request):
            return super().handle_no_permission(request, view_func)
        person, typed = _last_person(request), typed_in(request)
        if person is None or typed is None:
            return redirect_to_login(came_from(request) or settings.LOGIN_REDIRECT_URL)
        key = secrets.token_urlsafe(12)
        keep = {
            "person": person,
            "address": typed.address,
            "fields": typed.fields,
            "has_files": typed.has_files,
        }
        kept = [*request.session.get(KEPT_FORMS, {}).items(), (key, keep)]
        request.session[KEPT_FORMS] = dict(kept[-MOST:])
        return redirect_to_login(reverse("accounts:form_kept", args=[key]))


def kept_form(request, key):
    """Return the Typed that waits under `key` for the person of `request`, None if there is none.

    What somebody else has typed in this browser is dropped.
    """
    kept = request.session.get(KEPT_FORMS, {})
    for other in [other for other, form in kept.items() if form["person"] != str(request.user.pk)]:
        _drop(request.session, other)
    form = request.session.get(KEPT_FORMS, {}).get(key)
    if form is None:
        return None
    fields = [(name, value) for name, value in form["fields"] if name != KEPT]
    return Typed(form["address"], [*fields, (KEPT, key)], form["has_files"])


def _drop(session, key):
    if key in session.get(KEPT_FORMS, {}):
        session[KEPT_FORMS] = {other: form for other, form in session[KEPT_FORMS].items() if other != key}


def _last_person(request):
    """The id, as a text, of who logged in last in this browser; None if that is not known."""
    try:
        return _signer.unsign(request.COOKIES.get(PERSON_COOKIE, ""))
    except signing.BadSignature:
        return None
