"""The first visit leads to `/setup/`."""

from django.shortcuts import redirect

from accounts.models import User

# What works before the company is there.
FREE_OF_SETUP = ("/setup/", "/accounts/logout/", "/language/", "/health/", "/static/")


class FirstRunMiddleware:
    """Leads everybody to `/setup/` until the company is there: first the admin, then the company."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith(FREE_OF_SETUP) or request.company is not None:
            return self.get_response(request)
        if request.user.is_authenticated:
            return redirect("desk:setup_company")
        if User.objects.first_admin_is_missing():
            return redirect("desk:setup")
        return self.get_response(request)
