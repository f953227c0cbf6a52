"""How a made-up deal went: which stage it entered when, in working hours, up to now."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

DAYS_BACK = 182  # half a year
RECENT_DAYS = 24  # a third of the deals began in these, so that the board has something on it
OPENING, CLOSING = 9, 18  # working hours
# of each stage before won: mean stay in days, chance to go on, else lost
STEPS = ((1.6, 0.74), (5, 0.66), (6, 0.82), (5, 0.95), (4, 0.98))


@dataclass(frozen=True)
class Path:
    """The stages (by place in the funnel) and the moments of entry; `amount` is known from the second on."""

    steps: tuple[tuple[int, datetime], ...]
    amount: int | None
    WON, LOST = len(STEPS), len(STEPS) + 1

    @property
    def is_open(self):
        return self.steps[-1][0] < self.WON


def draw(dice, today, now, zone):
    """Draw a path with the `dice` (a random.Random), ending before `now`."""
    back = RECENT_DAYS if dice.random() < 0.3 else DAYS_BACK
    at = _working_moment(dice, today - timedelta(days=dice.randrange(back)), zone)
    while at >= now:
        at -= timedelta(days=1)
    steps = [(0, at)]
    for place, (days, chance) in enumerate(STEPS):
        goes_on = dice.random() < chance
        at = _working_moment(dice, (at + timedelta(days=dice.expovariate(1 / days))).date(), zone, after=at)
        if at >= now:
            break
        steps.append((place + 1 if goes_on else Path.LOST, at))
        if not goes_on:
            break
    amount = None
    if len(steps) > 1 or dice.random() < 0.4:
        amount = (
            dice.choice((45, 60, 85, 95, 120, 160, 180, 195, 220, 260, 300, 350, 390, 480, 550, 720)) * 1000
        )
    return Path(tuple(steps), amount)


def _working_moment(dice, day, zone, after=None):
    """Return a moment of working hours on `day`, or the next working day, later than `after`."""
    while day.weekday() >= 5:
        day += timedelta(days=1)
    at = datetime.combine(day, time(OPENING), tzinfo=zone)
    at += timedelta(minutes=dice.randrange((CLOSING - OPENING) * 60))
    if after is not None and at <= after:
        at = after + timedelta(minutes=dice.randrange(20, 240))
    return at
