"""No request waits for ever: a database that stopped answering is hung up on.

`statement_timeout` is the server's, so a paused server or a dead network never applies it. Cutting the
connection's socket from here ends the wait at once; the page is then the 503 of `crm_site.answers`.
"""

import os
import socket
import threading
import time

import psycopg
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection, connections

REQUEST_SECONDS = 9  # under the 10 s that a person waits at most
LOOK_SECONDS = 0.5

_lock = threading.Lock()
_requests: dict[object, tuple[float, object]] = {}
_thread: threading.Thread | None = None


class WatchdogMiddleware:
    """Watches each request of a serving process."""

    def __init__(self, get_response):
        if not settings.SERVES_PAGES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        _start()
        ticket = object()
        with _lock:
            _requests[ticket] = time.monotonic() + REQUEST_SECONDS, connections[connection.alias]
        try:
            return self.get_response(request)
        finally:
            with _lock:
                del _requests[ticket]


def _start() -> None:
    """Start the watching thread: once in each worker process, after the fork."""
    global _thread
    with _lock:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_watch, name="watchdog", daemon=True)
            _thread.start()


def _watch() -> None:
    while True:
        time.sleep(LOOK_SECONDS)
        with _lock:
            now = time.monotonic()
            for deadline, wrapper in _requests.values():
                if now > deadline:
                    _hang_up(wrapper)


def _hang_up(wrapper) -> None:
    try:
        own = socket.socket(fileno=os.dup(wrapper.connection.fileno()))
    except (AttributeError, OSError, psycopg.Error):  # not connected, or closed by now
        return
    with own:
        try:
            own.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
