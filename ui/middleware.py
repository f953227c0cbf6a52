"""What every request passes on its way: its id, and refusals turned into answers."""

import logging
import re
import time
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import resolve_url

from . import errors
from .answers import Refusal, _whole_window, wants_part
from .keys_in_paths import without_keys
from .request_id import current_request_id

requests_log = logging.getLogger("voronka.requests")
DRAFT_ID = re.compile("[a-z0-9]{12,40}")
DRAFT_TAKEN_SECONDS = 3600  # the next page takes it away
# Nothing of these is used by any page; the policy keeps what might get in from using them.
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class RequestIdMiddleware:
    """Gives the request its id, the same in the log, in `X-Request-ID` and on the error pages; logs it.

    The log has the path without its query, in which people's names and phones are searched.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = uuid.uuid4().hex
        token = current_request_id.set(request.id)
        began = time.monotonic()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request.id
            self._log(request, response, round((time.monotonic() - began) * 1000))
            return response
        finally:
            current_request_id.reset(token)

    def _log(self, request, response, milliseconds):
        if request.path.startswith((settings.STATIC_URL, "/health/")) and response.status_code < 400:
            return
        # Asking the user now would ask the database, if no page did.
        person = getattr(request, "_cached_user", None)
        requests_log.info(
            "%s %s %d",
            request.method,
            without_keys(request.path),
            response.status_code,
            extra={"particulars": {"milliseconds": milliseconds, "user": getattr(person, "pk", None)}},
        )


class HeadersMiddleware:
    """The headers that Django has no setting for, on every answer, also on static files and errors."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class DraftMiddleware:
    """Tells drafts.js which draft was taken: that of a form after which the person was led on."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method != "POST" or response.status_code not in (302, 303):
            return response
        draft = request.POST.get("draft", "")
        is_log_in = urlsplit(response.headers["Location"]).path == resolve_url(settings.LOGIN_URL)
        if DRAFT_ID.fullmatch(draft) and not is_log_in:
            response.set_cookie(
                "draft_taken",
                draft,
                max_age=DRAFT_TAKEN_SECONDS,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response


class RefusalMiddleware:
    """Turns a Refusal or a PermissionDenied that no view caught into the answer for page or part.

    A redirect that a part was answered with becomes one for the whole window: htmx would put the
    next page into the part. To the log-in it is a 401 instead: again.js asks for it in a dialog.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code in (301, 302, 303) and wants_part(request):
            if urlsplit(response.headers["Location"]).path == resolve_url(settings.LOGIN_URL):
                return errors.logged_out(request)
            return _whole_window(response.headers["Location"])
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, Refusal):
            return errors.refused(request, exception)
        if isinstance(exception, PermissionDenied):
            return errors.permission_denied(request, exception)
        return None
