"""What the dashboard says of a stage, a person, and what was closed."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from accounts.models import User
from pipeline.models import Stage

ONE_DAY = timedelta(days=1)


class Total(NamedTuple):
    """How many deals, worth how much."""

    count: int = 0  # type: ignore[assignment]  # hides what a tuple would count
    amount: Decimal = Decimal(0)

    @classmethod
    def of(cls, row):
        return cls(row["count"], row["amount"] or Decimal(0)) if row else cls()

    def plus(self, other):
        return Total(self.count + other.count, self.amount + other.amount)

    def minus(self, other):
        return Total(self.count - other.count, self.amount - other.amount)


@dataclass
class StageFigures:
    """What the page says of one stage: now, then, and of the period.

    `unknown` are those of now that were perhaps open then: no difference is counted of them.
    """

    stage: Stage
    now: Total
    then: Total
    unknown: Total
    without_step: int = 0
    idle: int = 0
    ended: int = 0
    went_on: int = 0
    lasted: timedelta | None = None
    path: str = ""
    dashes: str = ""

    @property
    def weighted(self):
        return self.now.amount * self.stage.probability / 100

    @property
    def difference(self):
        return self.now.minus(self.unknown).minus(self.then)

    @property
    def weighted_difference(self):
        return self.difference.amount * self.stage.probability / 100

    @property
    def conversion(self):
        """The share of the stays ended in the period that went on; None if none ended."""
        return self.went_on / self.ended if self.ended else None

    @property
    def share(self):
        return Decimal(self.stage.probability) / 100

    @property
    def days(self):
        return self.lasted / ONE_DAY if self.lasted is not None else None


@dataclass
class PersonFigures:
    """What the page says of one responsible."""

    person: User
    open: Total = field(default_factory=Total)
    overdue: int = 0
    won: int = 0


@dataclass
class Closings:
    """The deals won and lost within a period, and how long the won ones took."""

    won: Total = field(default_factory=Total)
    lost: Total = field(default_factory=Total)
    won_by_owner: dict = field(default_factory=dict)
    days_to_win: float | None = None

    @property
    def win_share(self):
        """The share of the deals closed in the period that were won; None if none was closed."""
        closed = self.won.count + self.lost.count
        return self.won.count / closed if closed else None


def sum_of(totals):
    whole = Total()
    for total in totals:
        whole = whole.plus(total)
    return whole
