"""The answers Django asks the site for when no view gave one, with the right status for each."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError

from ui import errors


def bad_request(request, exception=None):
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return errors.too_large(request, exception)
    return errors.bad_request(request, exception)


def server_error(request):
    """A database that is away is a 503 to try again, anything else a 500."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return errors.unavailable(request)
    return errors.server_error(request)
