"""Pages of the second factor: allauth's, with our record of security, statuses and ways back."""

from base64 import b64encode

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from procrastinate.contrib.django import app

from ..models import SecurityEvent

Kind = SecurityEvent.Kind
form_methods = method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
kept_nowhere = method_decorator(never_cache, name="dispatch")


class _ForWhoHasIt:
    """A page that makes sense with a second factor only: others are led to their own page."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.has_second_factor:
            return HttpResponseRedirect(reverse("accounts:profile"))
        return super().dispatch(request, *args, **kwargs)


def _tell(kind, request, *, is_on):
    """Tell the record of security, and by letter the person whose second factor it is."""
    SecurityEvent.objects.record(kind, user=request.user, request=request)
    app.configure_task("accounts.tell_second_factor").defer(pk=request.user.pk, is_on=is_on)


@form_methods
class LogInCode(AuthenticateView):
    """The code after the password."""

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response


@form_methods
@kept_nowhere
class SetUp(ActivateTOTPView):
    """Scan, type the first code, and it is on."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        context["secret"] = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return context

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def form_valid(self, form):
        response = super().form_valid(form)
        _tell(Kind.SECOND_FACTOR_SET_UP, self.request, is_on=True)
        return response


@form_methods
class SwitchOff(_ForWhoHasIt, DeactivateTOTPView):
    """Off again, after the password."""

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"data": self.request.POST or None}

    def form_valid(self, form):
        response = super().form_valid(form)
        _tell(Kind.SECOND_FACTOR_OFF, self.request, is_on=False)
        return response


@method_decorator(require_http_methods(["GET"]), name="dispatch")
@kept_nowhere
class RecoveryCodes(_ForWhoHasIt, ViewRecoveryCodesView):
    """The codes, once; the file is in the page, since nothing shows them a second time."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if context["can_view_codes"]:
            text = "".join(f"{code}\n" for code in context["unused_codes"])
            context["file"] = "data:text/plain;base64," + b64encode(text.encode()).decode()
        return context


@form_methods
class NewRecoveryCodes(_ForWhoHasIt, GenerateRecoveryCodesView):
    """New codes for the old ones, after the password."""

    def form_valid(self, form):
        response = super().form_valid(form)
        SecurityEvent.objects.record(Kind.RECOVERY_CODES_MADE, user=self.request.user, request=self.request)
        return response
