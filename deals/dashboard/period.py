"""Periods of whole days, and the period that one is compared with."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included, at the company.

    `months` is how far back the period it is compared with lies; 0: the same number of days just before.
    """

    first: date
    last: date
    months: int = 0

    @property
    def days(self):
        return (self.last - self.first).days + 1

    @property
    def before(self):
        """The period to compare with: 1-12 September for 1-12 October."""
        if self.months:
            return Period(back(self.first, self.months), back(self.last, self.months), self.months)
        return Period(self.first - timedelta(days=self.days), self.first - ONE_DAY)

    def moments(self, company):
        """Return the moment at which it begins, and the one before which it ends."""
        return company.midnight(self.first), company.end_of(self.last)


def back(day, months):
    """Return the same day of an earlier month, the last of a month for the last of a month."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    length = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, length if is_last else min(day.day, length))


def this_month(today):
    return Period(today.replace(day=1), today, months=1)


def last_month(today):
    last = today.replace(day=1) - ONE_DAY
    return Period(last.replace(day=1), last, months=1)


def quarter(today):
    return Period(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), today, months=3)


def year(today):
    return Period(today.replace(month=1, day=1), today, months=12)
