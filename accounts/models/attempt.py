"""How often something was tried: counted in the base, so that all workers share one count (TRUST S13)."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, models
from django.db.models import F

from ..addresses import subscriber_of
from ..refusals import TooManyAttempts
from .security_event import SecurityEvent

# One statement counts and says how it stands: two at once can't both be the last one that is let through.
# The count stops a little above what is allowed, however long somebody goes on.
COUNT_ONE_MORE = """
    INSERT INTO accounts_attempt AS kept (key, count, until)
    VALUES (%(key)s, 1, clock_timestamp() + %(period)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN kept.until <= clock_timestamp() THEN 1 ELSE least(kept.count + 1, %(most)s + 2) END,
        until = CASE WHEN kept.until <= clock_timestamp() THEN excluded.until ELSE kept.until END
    RETURNING count, until"""


@dataclass(frozen=True)
class Limit:
    """How many attempts are allowed within `period`, which begins with the first of them."""

    name: str
    most: int
    period: timedelta


QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
# By whom each is counted stands where it is used; a success gives the attempt of a guess back.
PASSWORDS = Limit("passwords", 10, QUARTER)  # of one account from one address
PASSWORDS_OF_ADDRESS = Limit("passwords of an address", 50, QUARTER)  # one password tried on many accounts
CODES = Limit("codes", 10, QUARTER)  # of one account: 10 of 1,000,000 (RFC 6238), wherever they come from
LETTERS = Limit("letters", 5, HOUR)  # to one account: links to a new password
LETTERS_OF_NEW_EMAIL = Limit("letters of a new e-mail", 5, HOUR)  # apart: a colleague can't use up those
LETTERS_OF_ADDRESS = Limit("letters of an address", 20, HOUR)
LINKS = Limit("links", 30, HOUR)  # opened from one address: invitations, new passwords
REFUSALS_OF_PERSON = Limit("refusals", 60, HOUR)  # as many as the record of security takes of one person


class AttemptManager(models.Manager):
    def take(self, limit, *whose, request, **particulars):
        """Count one more attempt, within `limit`, of `whose` (texts), and return it.

        Raises TooManyAttempts once the limit is passed, and writes a SecurityEvent with `particulars` the
        first time. Not for within a transaction: what rolls that back would give the attempt back.
        """
        attempt = self.count_one(limit, *whose)
        if attempt.count > limit.most:
            if attempt.count == limit.most + 1:
                person = request.user if request.user.is_authenticated else None
                SecurityEvent.objects.record(
                    SecurityEvent.Kind.TOO_MANY_ATTEMPTS, user=person, request=request, **particulars
                )
            raise TooManyAttempts(attempt.until - datetime.now(UTC))
        return attempt

    def take_password(self, email, *, request):
        """Count one more password tried for `email` where `request` comes from. Returns the attempts."""
        account, subscriber = email.strip().lower()[:254], subscriber_of(request)
        told = {"request": request, "email": account}
        return self._take_both((PASSWORDS_OF_ADDRESS, subscriber), (PASSWORDS, account, subscriber), **told)

    def take_letter(self, limit, email, *, request):
        """Count one more letter to `email`, within `limit`, that is asked for where `request` comes from."""
        told = {"request": request, "email": email}
        return self._take_both((LETTERS_OF_ADDRESS, subscriber_of(request)), (limit, email), **told)

    def _take_both(self, of_address, of_account, **told):
        """Count where it comes from, then for whom, and return both attempts.

        In this order, so that who is over the first limit uses up nobody's own one, and adds no row for
        each account that he makes up. What the second refuses was no attempt from that address: colleagues
        share it.
        """
        from_address = self.take(*of_address, **told)
        try:
            return [from_address, self.take(*of_account, **told)]
        except TooManyAttempts:
            from_address.give_back()
            raise

    def take_link(self, *, request):
        """Count one more link of a letter that is opened where `request` comes from. Returns the attempt."""
        return self.take(LINKS, subscriber_of(request), request=request)

    def is_within(self, limit, *whose):
        """Count one more, and say whether `limit` allows it."""
        return self.count_one(limit, *whose).count <= limit.most

    def count_one(self, limit, *whose):
        """Count one more attempt of `whose`, and return how it stands."""
        key = hashlib.sha256("\0".join([limit.name, *map(str, whose)]).encode()).hexdigest()
        with connection.cursor() as cursor:
            cursor.execute(COUNT_ONE_MORE, {"key": key, "period": limit.period, "most": limit.most})
            [(count, until)] = cursor.fetchall()
        return Attempt(key=key, count=count, until=until)

    def forget_past(self):
        """Delete what no longer counts; return how many rows that were."""
        return self.filter(until__lte=datetime.now(UTC)).delete()[0]


class Attempt(models.Model):
    """A count of attempts, and until when it stands; the key is a hash, so that it tells of nobody."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    objects = AttemptManager()

    def __str__(self):
        return self.key

    def give_back(self):
        """What was tried was right, so it was no guess."""
        Attempt.objects.filter(key=self.key, until=self.until, count__gt=0).update(count=F("count") - 1)
