"""What the base or the disk can fail with while a page is made, told apart by what PostgreSQL says.

SQLSTATE codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

import errno
from dataclasses import dataclass
from enum import Enum

import psycopg
from django.db import InterfaceError, InternalError, OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg_pool import PoolTimeout, TooManyRequests

from crm_site.problems import NO_SPACE, causes

ROLLED_BACK = {"40P01", "40001"}  # a deadlock, a serialization failure: the server took everything back
HUNG_UP = {"57P01", "57P02", "57P03", "08000", "08003", "08006"}  # it stops, or starts, or is gone
WAITED_TOO_LONG = "25P03"  # a transaction in which nothing happened for long
NOT_NOW = _("Not possible just now")


class Kind(Enum):
    """How a failure ends: what may be done again at once, and what needs somebody's help first."""

    ROLLED_BACK = "the server took the transaction back"
    HUNG_UP = "the connection is gone"
    OTHER = "waiting or help is needed"


@dataclass(frozen=True)
class Failure:
    """A failure that is nobody's mistake: its kind, and a heading and a sentence for people."""

    kind: Kind
    heading: str | Promise
    sentence: str | Promise


AWAY = Failure(
    Kind.OTHER, _("The database does not answer"), _("The database does not answer. Try again in a minute.")
)
HUNG_UP_ON = Failure(Kind.HUNG_UP, AWAY.heading, AWAY.sentence)
TAKEN_BACK = Failure(
    Kind.ROLLED_BACK,
    NOT_NOW,
    _("Several people changed the same thing at one moment. Nothing was saved; try again."),
)
BY_CODE = {
    "55P03": Failure(
        Kind.OTHER, NOT_NOW, _("Somebody else is changing the same thing. Nothing was saved; try again.")
    ),
    "57014": Failure(Kind.OTHER, NOT_NOW, _("This took too long and was stopped. Nothing was saved.")),
    "25006": Failure(
        Kind.OTHER,
        _("Nothing can be saved now"),
        _("The database can only be read now, so nothing was saved. Tell your administrator."),
    ),
}
DISK_FULL = Failure(
    Kind.OTHER,
    _("There is no room left"),
    _("The disk of the server is full, so nothing was saved. Tell your administrator; reading still works."),
)


def failure_in(exception: BaseException | None) -> Failure | None:
    """Return the failure that `exception` tells of; None for anything else, which is a defect of ours."""
    chain = causes(exception) if exception else []
    if any(isinstance(each, OSError) and each.errno in (errno.ENOSPC, errno.EDQUOT) for each in chain):
        return DISK_FULL
    code = next((each.sqlstate for each in chain if isinstance(each, psycopg.Error) and each.sqlstate), "")
    if code == "53100" or (code == "58030" and NO_SPACE in str(exception)):
        return DISK_FULL
    if code in BY_CODE and isinstance(exception, (OperationalError, InternalError)):
        return BY_CODE[code]
    if not isinstance(exception, (OperationalError, InterfaceError)) and code != WAITED_TOO_LONG:
        return None
    if code in ROLLED_BACK:
        return TAKEN_BACK
    if any(isinstance(each, (PoolTimeout, TooManyRequests)) for each in chain):
        return AWAY
    return HUNG_UP_ON if not code or code in HUNG_UP else AWAY
