"""The pages for what went wrong. None of them asks the database, which may be what is down.

The whole page is `plain.html` in the visitor's language; to htmx it is a toast, out of the part's way.
The 404 is the same for what is absent and for what is not shown to this person.
"""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from .answers import wants_part


@requires_csrf_token
def bad_request(request, exception=None):
    return answer(request, 400, "400.html", _("The request could not be read. Go back and try again."))


@requires_csrf_token
def permission_denied(request, exception=None):
    return answer(request, 403, "403.html", _sentence(exception) or _("You may not do this."))


@requires_csrf_token
def csrf_failure(request, reason=""):
    return answer(
        request, 403, "403_csrf.html", _("This page was open for too long. Reload it and send it again.")
    )


@requires_csrf_token
def page_not_found(request, exception=None):
    return answer(request, 404, "404.html", _("There is no such page, or you may not see it."))


@requires_csrf_token
def too_large(request, exception=None):
    return answer(request, 413, "413.html", _("What you sent is too large. Choose a smaller file."))


@requires_csrf_token
def server_error(request):
    return answer(request, 500, "500.html", _("Something broke on our side. Try again in a minute."))


def unavailable(request):
    """The database does not answer: try again in a moment."""
    response = answer(request, 503, "503.html", _("The database does not answer. Try again in a minute."))
    response.headers["Retry-After"] = "30"
    return response


def refused(request, refusal):
    """A named refusal that no view caught."""
    response = answer(request, refusal.status, "ui/refused.html", str(refusal))
    if refusal.retry_after_seconds:
        response.headers["Retry-After"] = str(refusal.retry_after_seconds)
    return response


def answer(request, status, template, sentence):
    """`sentence` as a toast if htmx asked, else the whole page `template`, with `status`."""
    context = {
        "sentence": sentence,
        "status": status,
        "request_id": getattr(request, "id", ""),
        "theme": request.COOKIES.get("theme", ""),
        "back": _came_from(request),
    }
    # HtmxMiddleware may not have been reached.
    if hasattr(request, "htmx") and wants_part(request):
        response = HttpResponse(
            render_to_string("components/toast.html", {"text": sentence, "kind": "error"})
        )
        response.headers["HX-Retarget"] = "#toasts"
        response.headers["HX-Reswap"] = "beforeend"
        response.headers["HX-Push-Url"] = "false"
        response.status_code = status
    else:
        response = HttpResponse(render_to_string(template, context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _sentence(exception):
    """What a PermissionDenied says to people, if anything."""
    return str(exception) if exception and exception.args else ""


def _came_from(request):
    """The page of this site that a form was sent from, to go back to."""
    referer = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(referer, {request.META.get("HTTP_HOST", "")})
    return referer if own and request.method == "POST" else ""
