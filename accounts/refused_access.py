"""What a person was refused is written down (TRUST S40)."""

from contextlib import suppress

from django.db import InternalError, OperationalError

from ui.keys_in_paths import without_keys

from .models import Attempt, SecurityEvent
from .models.attempt import REFUSALS_OF_PERSON

RECORDS = {"pk", "object_id"}  # how an address names a record, and the administration a row


class RefusedAccessMiddleware:
    """Records each 403, and each 404 of a record, of who is logged in; of one person so many in an hour.

    What does not exist is recorded like what may not be seen, so that both take the same time.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        match = request.resolver_match
        if match and response.status_code in (403, 404) and request.user.is_authenticated:
            if response.status_code == 403 or RECORDS & match.kwargs.keys():
                with suppress(OperationalError, InternalError):  # a base that takes nothing can be read
                    record(request, response.status_code)
        return response


def record(request, status):
    """Write down that `request` was refused with `status`, unless there were too many in this hour."""
    counted = Attempt.objects.count_one(REFUSALS_OF_PERSON, request.user.pk)
    if counted.count > REFUSALS_OF_PERSON.most + 1:
        return
    path = without_keys(request.path)[:200].replace("\0", "")  # which PostgreSQL keeps in no text
    told = {"path": f"{request.method} {path}", "status": status}
    if counted.count > REFUSALS_OF_PERSON.most:
        told["more"] = True
    SecurityEvent.objects.record(
        SecurityEvent.Kind.ACCESS_REFUSED, user=request.user, request=request, **told
    )
