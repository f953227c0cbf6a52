"""A request that failed through nobody's fault is done again, if nothing of it was written (TRUST R25).

Deadlocks and serialization failures are taken back by PostgreSQL as a whole; of a connection that ended,
nobody knows whether its COMMIT arrived. So each attempt begins from the request as it came, and there is a
next one only if no transaction of this one was committed, or if the form's one-time token makes it harmless.
Nothing is done again after `LATEST_SECONDS`: the watchdog would cut it off half-way.
"""

import logging
import time
import uuid

from django.db import connection, transaction

from crm_site import answers
from crm_site.failures import Kind, failure_in
from crm_site.problems import first_line

RETRIES = 3
LATEST_SECONDS = 3  # of the 9 that the watchdog allows; a statement may take 8, a lock 4
READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "SHOW", "FETCH", "CLOSE")
WRITING_FUNCTIONS = "procrastinate_"  # SELECT procrastinate_defer_jobs_v1(…)
BY_THE_WAY = "usersessions_usersession"  # when a session was last seen: as true the second time
# What a request keeps of its body, which can be read only once.
BODY = ("_body", "_post", "_files", "_read_started", "_stream", "_upload_handlers", "_content_length")

log = logging.getLogger("voronka.requests")


class Written:
    """What a request has written so far: sees each statement on its way to the base."""

    def __init__(self):
        self.anything = self.is_committed = False

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        text = str(sql).lstrip(" \n(")
        reads = text[:9].upper().startswith(READS) and WRITING_FUNCTIONS not in text
        if not reads and BY_THE_WAY not in text:
            self.anything = True
            transaction.on_commit(self._committed)  # now, outside of a transaction
        return result

    def _committed(self):
        self.is_committed = True


class RetryMiddleware:
    """Does a request again, at most three times, if its failure allows it; else answers with the 503."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        as_it_came = request.__class__, request.__dict__ | {"META": dict(request.META)}
        began = time.monotonic()
        for attempt in range(RETRIES + 1):
            written = Written()
            with connection.execute_wrapper(written):
                response = self.get_response(request)
            failure = getattr(response, "failure", None)
            if (
                failure is None
                or attempt == RETRIES
                or time.monotonic() - began > LATEST_SECONDS
                or not _is_harmless(request, failure, written)
            ):
                break
            log.warning("again: %s %s", request.method, request.path)
            _begin_again(request, *as_it_came)
        return response

    def process_exception(self, request, exception):
        failure = failure_in(exception)
        if failure is None:
            return None
        log.warning("failed: %s %s: %s", request.method, request.path, first_line(exception))
        return answers.unavailable(request, failure)


def _is_harmless(request, failure, written):
    """Whether the request may be done again after `failure`: it leaves nothing twice."""
    if failure.kind is Kind.OTHER:
        return False
    if request.method in ("GET", "HEAD") or (request.method == "POST" and _has_token(request)):
        return True
    return not (written.is_committed if failure.kind is Kind.ROLLED_BACK else written.anything)


def _has_token(request):
    """Whether the form has a one-time token: any other text in this field keeps nothing from twice."""
    try:
        return bool(uuid.UUID(request.POST.get("token", "")))
    except ValueError:
        return False


def _begin_again(request, its_class, came_with):
    """Put the request into the state in which it came, but for its body, which was read already."""
    body = {name: request.__dict__[name] for name in BODY if name in request.__dict__}
    for _name, files in getattr(body.get("_files"), "lists", list)():
        for file in files:
            file.seek(0)
    request.__class__ = its_class
    request.__dict__.clear()
    request.__dict__.update(came_with | body | {"META": dict(came_with["META"])})
    connection.close_if_unusable_or_obsolete()
