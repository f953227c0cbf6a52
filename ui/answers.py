"""How a view answers: a page, a part, a redirect, or a refusal with a name."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """A way to be refused: what the page needs to explain it, and a sentence for people.

    `status` is the HTTP status of the answer; `sentence` says what happened and what to do next;
    `field` names the form field it belongs to, if any; `retry_after_seconds` says when it would no longer be
    refused, where time alone helps. RefusalMiddleware turns one that no view
    catches into the answer for page or part.
    """

    status = 409
    sentence: str | Promise = _("This can't be done now.")
    field: str | None = None
    retry_after_seconds: int | None = None

    def __str__(self):
        return str(self.sentence)

    def add_to(self, form):
        """Say it in `form`: at its field if the form has that field, else above all fields."""
        form.add_error(self.field if self.field in form.fields else None, str(self.sentence))


class SeeOther(HttpResponseRedirect):
    """After a POST: fetch that address with GET."""

    status_code = 303


def wants_part(request):
    """Whether htmx asked for a part (a boosted link and a step back want the whole page)."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def show(request, template, partial, context=None, *, status=200):
    """The part `template#partial` if htmx asked for it, else the page `template`."""
    if partial and wants_part(request):
        response = render(request, f"{template}#{partial}", context, status=status)
        _add_toasts(request, response)
    else:
        response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def done(request, template, partial, context=None, *, page):
    """After a change: the part that shows it if htmx asked, else a redirect to `page`.

    `page` is a record with get_absolute_url, a URL name, or an address of this site. With htmx the
    dialog or pop-up that the request came from closes itself.
    """
    if partial and wants_part(request):
        response = show(request, template, partial, context)
        response.headers.setdefault("HX-Trigger", "voronka:done")
        return response
    return leave(request, page)


def leave(request, page):
    """On to `page`: a redirect, which htmx follows with the whole window."""
    address = resolve_url(page)
    if wants_part(request):
        return _whole_window(address)
    response = SeeOther(address)
    patch_vary_headers(response, ["HX-Request"])
    return response


def say(request, text, *, undo=""):
    """Say `text` in a toast of the next page or part; `undo` is the address whose POST takes it back."""
    messages.success(request, text, extra_tags=undo)


def _whole_window(address):
    """An answer by which htmx leaves the page, since it would put a redirect's page into a part."""
    response = HttpResponseRedirect(address)
    response.status_code = 204
    del response.headers["Location"]
    response.headers["HX-Redirect"] = address
    patch_vary_headers(response, ["HX-Request"])
    return response


def _add_toasts(request, response):
    """What Django's messages wait to say, after the part, out of band."""
    waiting = messages.get_messages(request)
    if waiting:
        toasts = render_to_string(
            "components/toasts.html",
            {"messages": list(waiting), "csrf_token": get_token(request), "oob": True},
        )
        response.content += toasts.encode()
