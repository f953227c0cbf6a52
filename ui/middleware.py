"""What every request passes on its way: its id, and refusals turned into answers."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import resolve_url

from . import errors
from .answers import Refusal, _whole_window, wants_part


class RefusalMiddleware:
    """Turns a Refusal or a PermissionDenied that no view caught into the answer for page or part.

    A redirect that a part was answered with becomes one for the whole window: htmx would put the
    log-in page into the part.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code in (301, 302, 303) and wants_part(request):
            return _whole_window(self._address(request, response.headers["Location"]))
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, Refusal):
            return errors.refused(request, exception)
        if isinstance(exception, PermissionDenied):
            return errors.permission_denied(request, exception)
        if isinstance(exception, Http404) and wants_part(request):
            return errors.page_not_found(request, exception)
        return None

    def _address(self, request, location):
        """Where the window goes; after a log-in it comes back to the page, not to its part."""
        here = request.htmx.current_url_abs_path
        if here and urlsplit(location).path == resolve_url(settings.LOGIN_URL):
            return redirect_to_login(here).headers["Location"]
        return location
