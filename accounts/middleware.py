"""Each request in its person's language and time zone."""

import zoneinfo

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from .models import Company

# What works before the company is there.
FREE_OF_SETUP = ("/setup/", "/accounts/", "/health/", "/static/", "/admin/jsi18n/")


class PersonMiddleware:
    """Puts the company on the request, and the person's language and time zone in force.

    A person logged in before the company exists is led to the second step of `/setup/`.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith(("/health/", "/static/")):
            return self.get_response(request)
        request.company = Company.objects.current()
        user = request.user
        language = user.language if user.is_authenticated else ""
        zone = (user.time_zone if user.is_authenticated else "") or (
            request.company.time_zone if request.company else "UTC"
        )
        if user.is_authenticated and not request.company and not request.path.startswith(FREE_OF_SETUP):
            return redirect(reverse("desk:setup_company"))
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        with timezone.override(zoneinfo.ZoneInfo(zone)):
            response = self.get_response(request)
            if language:
                response.headers.setdefault("Content-Language", language)
            return response
