"""Where the company wants a second factor, who has none sets it up before anything else (TRUST S15, S41)."""

from django.http import HttpResponseRedirect
from django.urls import reverse

# What setting it up takes, and the way out.
OPEN = {
    "mfa_activate_totp",
    "account_reauthenticate",
    "account_logout",
    "accounts:preference_set",
    "set_language",
    "health_live",
    "health_ready",
}


class SecondFactorMiddleware:
    """Leads there instead of any other page, fragment or form, the administration too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        company = getattr(request, "company", None)
        if company is None or not company.second_factor_required or not request.user.is_authenticated:
            return None
        if request.user.has_second_factor or request.resolver_match.view_name in OPEN:
            return None
        return HttpResponseRedirect(reverse("mfa_activate_totp"))
