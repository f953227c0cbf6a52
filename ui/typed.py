"""What was typed into a form that could not be dealt with: kept in the answer, to be sent once more."""

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import resolve_url
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme

# A page that is a few times as long as the longest note; Django takes 2.5 MB.
MOST_CHARACTERS = 200_000
MOST_FIELDS = 500
SECRET = re.compile(r"password|passphrase|secret|^key$", re.IGNORECASE)
NOT_TYPED = {"csrfmiddlewaretoken"}


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: its address with the query, and (name, value) of its fields in their order.

    Passwords and files are not among them; `has_files` tells that there were some.
    """

    address: str
    fields: list[tuple[str, str]]
    has_files: bool = False


def typed_in(request) -> Typed | None:
    """Return what the POST `request` was sent with; None if that can't be told, is secret or is too long."""
    if request.method != "POST" or request.path.startswith(_entrance()):
        return None
    try:
        posted, files = request.POST, request.FILES
    except (OSError, BadRequest, SuspiciousOperation, MultiPartParserError):  # cut off, too large, not a form
        return None
    hidden = getattr(request, "sensitive_post_parameters", ())  # of the view's decorator
    fields = [
        (name, value)
        for name, values in posted.lists()
        for value in values
        if name not in NOT_TYPED and name not in hidden and not SECRET.search(name)
    ]
    length = sum(len(name) + len(value) for name, value in fields)
    if hidden == "__ALL__" or not fields or len(fields) > MOST_FIELDS or length > MOST_CHARACTERS:
        return None
    return Typed(request.get_full_path(), fields, bool(files))


def _entrance():
    """Where people log in: what is typed there are passwords and codes."""
    return posixpath.dirname(posixpath.dirname(resolve_url(settings.LOGIN_URL))) + "/"


def came_from(request):
    """Return the address, on this site, of the page that a form was sent from; '' if it is not known."""
    referer = request.headers.get("Referer", "")
    if request.method != "POST" or not url_has_allowed_host_and_scheme(
        referer, {request.META.get("HTTP_HOST", "")}
    ):
        return ""
    page = urlsplit(referer)
    # "http://here//elsewhere/": the path alone would be an address of another site
    return escape_leading_slashes(page.path) + (f"?{page.query}" if page.query else "")


def is_from_here(request):
    """Say whether the browser tells that a page of this site sent `request` (it does with each POST)."""
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin", "") in {here, *settings.CSRF_TRUSTED_ORIGINS}
