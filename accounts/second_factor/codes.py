"""Whether a code is right, and that it is right once."""

from datetime import timedelta

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator

from ..models import Attempt, SecurityEvent
from ..models.attempt import CODES, Limit

# As long as allauth takes a code for right: its own period, and those before and after it. allauth
# remembers a used one in each process for itself, and for one period only.
ONCE = Limit(
    "code used", 1, timedelta(seconds=app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1))
)

Kind = SecurityEvent.Kind


def authenticator_for(person, code, *, request):
    """Return the Authenticator of `person` that `code` proves, None if it is wrong or was used before.

    Counts the guess, and raises TooManyAttempts; a right one is none. Writes SecurityEvents.
    """
    attempt = Attempt.objects.take(CODES, person.pk, request=request, person=person.pk)
    found = next((each for each in _of(person) if _proves(each, person, code)), None)
    if found is None:
        SecurityEvent.objects.record(Kind.CODE_REFUSED, user=person, request=request)
        return None
    attempt.give_back()
    if found.type == Authenticator.Type.RECOVERY_CODES:
        SecurityEvent.objects.record(Kind.RECOVERY_CODE_USED, user=person, request=request)
    return found


def is_unused(person, code):
    """Take the right `code` of `person`, and say whether nobody has sent it before."""
    digits = "".join(filter(str.isalnum, code))  # allauth reads it without spaces and dashes, too
    return Attempt.objects.is_within(ONCE, person.pk, digits)


def _of(person):
    return Authenticator.objects.filter(user_id=person.pk).order_by("-type")  # the phone first


def _proves(authenticator, person, code):
    """A recovery code is used up by allauth, under a lock of its row."""
    if not authenticator.wrap().validate_code(code):
        return False
    return authenticator.type == Authenticator.Type.RECOVERY_CODES or is_unused(person, code)
