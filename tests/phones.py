"""A person's phone, as far as the second factor knows it: a secret that gives a code for each half minute."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

PERIOD_SECONDS = 30  # RFC 6238


def with_phone(person):
    """Set up a second factor for `person`; return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person).mark_as_viewed()
    return secret


def code_of(secret, later=0):
    """What the phone shows now, or `later` periods from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD_SECONDS + later))


def recovery_codes_of(person):
    return person.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()


def prove(session, person):
    """Let `session` be one in which `person` has typed the password again a moment ago."""
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
