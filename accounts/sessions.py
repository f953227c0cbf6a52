"""On which devices a person is logged in, and when each was last seen."""

import re
import time
from contextlib import suppress

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import InternalError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import SecurityEvent
from .refusals import SessionIsOver

ROLE = "role"  # in a session: the role that its person had when it got its key
NOTED_EVERY_SECONDS = 300  # a page that asks for news every few seconds must not write as often
MOST_REMEMBERED = 10_000
_noted: dict[str, float] = {}  # session key → when this process last wrote it down (time.monotonic)

# In this order: each browser names those before it, too.
BROWSERS = {
    "YaBrowser/": "Yandex Browser",
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def follow(request):
    """Note that the session of `request` is in use, and give it a new key once its person's role is another.

    Writes at most once in NOTED_EVERY_SECONDS in each process. A base that takes nothing now (a full disk, a
    standby) can still be read: the note is left out.
    """
    session = request.session
    if session.get(ROLE) not in (None, request.user.role_id):
        before = session.session_key
        session.cycle_key()
        session[ROLE] = request.user.role_id
        request.user.usersession_set.filter(session_key=before).update(session_key=session.session_key)
    now = time.monotonic()
    if now - _noted.get(session.session_key, -NOTED_EVERY_SECONDS) < NOTED_EVERY_SECONDS:
        return
    if len(_noted) >= MOST_REMEMBERED:
        _noted.clear()
    _noted[session.session_key] = now
    with suppress(OperationalError, InternalError), transaction.atomic():
        UserSession.objects.create_from_request(request)


def own_sessions(request):
    """Return the live sessions of the person of `request`, this one first. One query."""
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    sessions = list(request.user.usersession_set.filter(session_key__in=live).order_by("-last_seen_at", "pk"))
    for session in sessions:
        session.is_this = session.session_key == request.session.session_key
        session.device = device(session.user_agent)
    return sorted(sessions, key=lambda session: not session.is_this)


def end_others(request, *, only=""):
    """End the person's log-ins on other devices, or `only` one (its id, as a form sends it).

    Raises SessionIsOver if that is none of them; writes a SecurityEvent.
    """
    others = {str(each.pk): each.pk for each in own_sessions(request) if not each.is_this}
    if only and only not in others:
        raise SessionIsOver
    ended = [others[only]] if only else list(others.values())
    if ended:
        request.user.end_sessions(*ended)
        told = {"user": request.user, "request": request, "count": len(ended)}
        SecurityEvent.objects.record(SecurityEvent.Kind.SESSIONS_ENDED, **told)


def device(user_agent):
    """Return the browser and the system that `user_agent` names; neither is to be relied on."""
    browser, system = (
        next((name for mark, name in known.items() if re.search(rf"\b{re.escape(mark)}", user_agent)), "")
        for known in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, [browser, system])) or _("Another program")
