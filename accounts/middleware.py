"""Each request in its person's language and zone, his session kept track of, named in the history."""

import zoneinfo

from django.utils import timezone, translation
from pghistory import middleware

from .models import Company
from .sessions import follow


class PersonMiddleware:
    """Puts the company on the request, and the person's language and time zone in force."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith(("/health/", "/static/")):
            return self.get_response(request)
        request.company = Company.objects.current()
        user = request.user
        if user.is_authenticated:
            follow(request)
        language = user.language if user.is_authenticated else ""
        zone = (user.time_zone if user.is_authenticated else "") or (
            request.company.time_zone if request.company else "UTC"
        )
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        with timezone.override(zoneinfo.ZoneInfo(zone)):
            response = self.get_response(request)
            if language:
                response.headers.setdefault("Content-Language", language)
            return response


class HistoryMiddleware(middleware.HistoryMiddleware):
    """Tells the triggers of the change history who asked for what, and under which request id."""

    def get_context(self, request):
        return {**super().get_context(request), "request": request.id}
