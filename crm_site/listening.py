"""The site's listening socket: ours, not gunicorn's, so that a restart of gunicorn refuses nobody."""

import errno
import socket
import time

from crm_site.environment import HIGHEST_PORT
from crm_site.problems import Problem
from crm_site.problems import gettext_noop as _

BACKLOG = 2048  # gunicorn's own
# After a kill -9 of the last start its gunicorn may hold the port for a moment.
PATIENCE_SECONDS = 5


def listen(host: str, port: str, *, patiently: bool) -> socket.socket:
    """Listen there; `patiently` waits for a dying predecessor. Raises Problem."""
    if not (port.isdecimal() and int(port) <= HIGHEST_PORT):
        raise Problem(
            _("PORT is a number up to %(highest)s, not “%(port)s”."), port=port, highest=HIGHEST_PORT
        )
    deadline = time.monotonic() + (PATIENCE_SECONDS if patiently else 0)
    while True:
        try:
            return _listen(host, port)
        except OSError as refusal:
            if refusal.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            raise _problem(refusal, host, port) from refusal


def _listen(host: str, port: str) -> socket.socket:
    family, kind, protocol, _name, address = socket.getaddrinfo(
        host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def _problem(refusal: OSError, host: str, port: str) -> Problem:
    if refusal.errno == errno.EADDRINUSE:
        sentence = _("Port %(port)s is in use by another program: end that, or choose another with PORT.")
    elif refusal.errno == errno.EACCES:
        sentence = _("Port %(port)s is only for root: choose one above 1023 with PORT.")
    else:
        sentence = _("HOST=%(host)s is no address of this machine (%(reason)s).")
    return Problem(sentence, host=host, port=port, reason=refusal.strerror)
