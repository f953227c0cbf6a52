"""The answers Django asks the site for when no view gave one, with the right status for each."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent

from crm_site.failures import failure_in
from ui import errors


def bad_request(request, exception=None):
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return errors.too_large(request, exception)
    return errors.bad_request(request, exception)


def server_error(request):
    """A base that is away and a disk that is full are a 503 to try again, anything else a 500."""
    failure = failure_in(sys.exc_info()[1])
    return unavailable(request, failure) if failure else errors.server_error(request)


def unavailable(request, failure):
    """The 503 that says what failed, and remembers it for RetryMiddleware."""
    response = errors.unavailable(request, failure.heading, failure.sentence)
    response.failure = failure
    return response
