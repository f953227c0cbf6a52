"""One's own page, and the switches in the frame."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ui.answers import leave, wants_part

from ..forms import PreferenceForm, ProfileForm
from ..kept_forms import kept_form
from ..sessions import end_others, own_sessions

YEAR_SECONDS = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """Show and take a person's own settings."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with override(request.user.language or get_language_from_request(request)):
            messages.success(request, _("Saved."))
        return keep_theme(leave(request, "accounts:profile"), request.user.theme)
    context = {"form": form, "sessions": own_sessions(request)}
    return render(request, "accounts/profile.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def sessions_end(request):
    """End one of the person's log-ins on other devices (`session`, its id), or without it all of them."""
    end_others(request, only=request.POST.get("session"))
    messages.success(request, _("Ended. Nothing works there any more until somebody logs in again."))
    return leave(request, "accounts:profile")


@require_POST
def preference_set(request):
    """Set one preference of the person, and go back to where the switch was."""
    form = PreferenceForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("There is no such setting."), content_type="text/plain")
    name, value = form.cleaned_data["name"], form.cleaned_data["value"]
    setattr(request.user, name, value)
    request.user.save(update_fields=[name])
    next_page = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(next_page, request.get_host(), request.is_secure()):
        next_page = "/"
    answer = HttpResponse(status=204) if wants_part(request) else leave(request, next_page)
    return keep_theme(answer, value) if name == "theme" else answer


def keep_theme(response, theme):
    """Keep the theme in a cookie, for the log-in page."""
    response.set_cookie(
        "theme", theme, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=settings.IS_HTTPS
    )
    return response


@require_safe
@never_cache
def form_kept(request, key):
    """The form that was sent after the log-in had ended, to be sent once more with one click."""
    typed = kept_form(request, key)
    if typed is None:
        messages.info(request, _("Nothing of yours is waiting to be sent."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/form_kept.html", {"typed": typed})


@require_safe
@never_cache
def back_in(request):
    """Who is logged in now, and the token of his forms: for the page that asked him to log in again."""
    return JsonResponse({"person": request.user.pk, "token": get_token(request)})
