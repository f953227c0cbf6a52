"""The pages for what went wrong. None of them asks the database, which may be what is down.

The whole page is `plain.html` in the visitor's language; to htmx it is a toast, out of the part's way.
The 404 is the same for what is absent and for what is not shown to this person.
"""

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from .answers import wants_part
from .typed import came_from, is_from_here, typed_in

SECONDS_TO_WAIT = 30  # before the next try, for those who ask by themselves


@requires_csrf_token
def bad_request(request, exception=None):
    return answer(request, 400, "400.html", _("The request could not be read. Go back and try again."))


def logged_out(request):
    """To htmx: the log-in has ended. Without the script that asks for it in a dialog nothing changes."""
    sentence = _("You are no longer logged in. Log in again and go on.")
    response = answer(request, 401, "403.html", sentence, may_repeat=True)
    response.headers["WWW-Authenticate"] = "Session"  # RFC 9110: a 401 names how to get in
    return response


@requires_csrf_token
def permission_denied(request, exception=None):
    return answer(request, 403, "403.html", _sentence(exception) or _("You may not do this."))


@requires_csrf_token
def csrf_failure(request, reason=""):
    """The form's token is an older one: somebody has logged in since, in another tab.

    What was typed is offered to be sent by whoever is logged in now, but only if it came from a page of
    this site: another site's form must not be one click away from being taken.
    """
    person = getattr(request, "_cached_user", None)
    typed = typed_in(request) if is_from_here(request) else None
    if typed and person is not None and person.is_authenticated:
        sentence = _(
            "Somebody has logged in here since this page was opened. You are logged in as %(person)s:"
            " send it once more if it is yours."
        ) % {"person": person.full_name}
    else:
        sentence = _("This page was open for too long. Reload it and send it again.")
    response = answer(request, 403, "403_csrf.html", sentence, typed=typed)
    response.headers["X-Stale-Token"] = "1"  # again.js gets a new one, and asks again
    return response


@requires_csrf_token
def page_not_found(request, exception=None):
    return answer(request, 404, "404.html", _("There is no such page, or you may not see it."))


@requires_csrf_token
def too_large(request, exception=None):
    return answer(request, 413, "413.html", _("What you sent is too large. Choose a smaller file."))


@requires_csrf_token
def server_error(request):
    sentence = _("Something broke on our side. Try again in a minute.")
    return answer(request, 500, "500.html", sentence, typed=typed_in(request), may_repeat=True)


def unavailable(request, heading, sentence):
    """The base or the disk fails: `sentence` says it, and what was typed can be sent once more."""
    response = answer(
        request, 503, "503.html", sentence, heading=heading, typed=typed_in(request), may_repeat=True
    )
    response.headers["Retry-After"] = str(SECONDS_TO_WAIT)
    return response


def refused(request, refusal):
    """A named refusal that no view caught."""
    response = answer(request, refusal.status, "ui/refused.html", str(refusal))
    if refusal.retry_after_seconds:
        response.headers["Retry-After"] = str(refusal.retry_after_seconds)
    return response


def answer(request, status, template, sentence, *, heading="", typed=None, may_repeat=False):
    """`sentence` as a toast if htmx asked, else the whole page `template`, with `status`.

    The toast has a button that asks once more (U19). On the page `typed` (ui.typed) is kept, with a button
    that sends it once more; `may_repeat` says that a page may be there another time, and gives its link.
    """
    context = {
        "heading": heading,
        "sentence": sentence,
        "status": status,
        "request_id": getattr(request, "id", ""),
        "theme": request.COOKIES.get("theme", ""),
        "back": came_from(request),
        "typed": typed,
        "here": request.get_full_path() if may_repeat and request.method in ("GET", "HEAD") else "",
    }
    # HtmxMiddleware may not have been reached.
    if hasattr(request, "htmx") and wants_part(request):
        response = HttpResponse(
            render_to_string("components/toast.html", {"text": sentence, "kind": "error", "retry": True})
        )
        response.headers["HX-Retarget"] = "#toasts"
        response.headers["HX-Reswap"] = "beforeend"
        response.headers["HX-Push-Url"] = "false"
        response.status_code = status
    else:
        if typed:
            context["csrf_token"] = get_token(request)
        response = HttpResponse(render_to_string(template, context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _sentence(exception):
    """What a PermissionDenied says to people, if anything."""
    return str(exception) if exception and exception.args else ""
