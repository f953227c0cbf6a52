"""The rows of synthetic data, as COPY reads them: texts, and None for NULL.

Moments are minutes since `Clock.start`, so that ten million of them are written quickly.
"""

import json
import random
from dataclasses import dataclass, field
from datetime import timedelta

from desk.demo import names

YEARS = 5
WON_SHARE = 0.45  # of the closed ones
DAY = 24 * 60
STAY_DAYS = 8  # mean
REPRICED_SHARE = 0.3  # stays that end with a new amount, not with a move


class Clock:
    """Minutes from five years ago until now, as COPY reads moments."""

    def __init__(self, now):
        self.start = (now - timedelta(days=365 * YEARS)).replace(hour=0, minute=0, second=0, microsecond=0)
        self.end = int((now - self.start).total_seconds() // 60)
        days = (self.start + timedelta(days=day) for day in range(366 * YEARS + 2))
        self.days = [day.strftime("%Y-%m-%d") for day in days]
        self.minutes = [f"{minute // 60:02}:{minute % 60:02}:00+00" for minute in range(DAY)]

    def text(self, minute):
        return None if minute is None else f"{self.days[minute // DAY]} {self.minutes[minute % DAY]}"


@dataclass
class World:
    """What the rows point at, by id."""

    clock: Clock
    owners: list[int]
    stages: list[int]  # in their order; the last two are won and lost
    reasons: list[int]
    sources: list[int]
    organizations: range
    contacts: range
    open_share: float = 0.05
    dice: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311  nothing secret


def reachable(value):
    """Return a list of phones or e-mails with this one."""
    return json.dumps([{"value": value, "typed": value, "extension": "", "label": "work"}])


def organization(world, pk):
    name, domain = names.ORGANIZATIONS[pk % len(names.ORGANIZATIONS)]
    return {
        "id": pk,
        "name": f"{name} {pk}",
        "phones": reachable(f"+7495{pk % 10_000_000:07}"),
        "emails": reachable(f"info@{domain}{pk}.example"),
        "owner_id": world.dice.choice(world.owners),
    }


def contact(world, pk):
    first, patronymic, is_woman = world.dice.choice(names.FIRST_NAMES)
    return {
        "id": pk,
        "first_name": first,
        "patronymic": patronymic,
        "last_name": world.dice.choice(names.LAST_NAMES) + ("а" if is_woman else ""),
        "phones": reachable(f"+7900{pk % 10_000_000:07}"),
        "emails": reachable(f"c{pk}@mail.example"),
        "organization_id": world.dice.choice(world.organizations),
        "source_id": world.dice.choice(world.sources),
        "owner_id": world.dice.choice(world.owners),
    }


def deal(world, pk):
    """Return the row of a deal, and the rows of its stays (five, on the average)."""
    dice, clock = world.dice, world.clock
    steps = len(world.stages) - 2
    is_open = dice.random() < world.open_share
    owner, amount = dice.choice(world.owners), dice.randrange(20, 900) * 1000
    path = list(range(dice.randrange(1, steps + 1)))
    lengths = [1 + int(dice.expovariate(1 / (STAY_DAYS * DAY))) for _ in path]
    if is_open:
        at = max(0, clock.end - sum(lengths))
    else:
        at = dice.randrange(max(1, clock.end - sum(lengths)))
        path.append(steps if dice.random() < WON_SHARE else steps + 1)
    began, stays, since = at, [], at
    for place, stage in enumerate(path):
        ends, since = at + lengths[place] if place < len(path) - 1 else None, at
        if ends is not None and dice.random() < REPRICED_SHARE:
            half = at + lengths[place] // 2
            stays.append(stay(world, pk, stage, at, half, since, amount, owner))
            at, amount = half, amount + 5000
        stays.append(stay(world, pk, stage, at, ends, since, amount, owner))
        at = ends if ends is not None else at
    for each, before in zip(stays, [None, *stays], strict=False):
        each["came_from_id"] = before and before["stage_id"]
        each["came_since"] = before and before["stage_since"]
        each["deal_since"] = clock.text(began)
    stage = path[-1]
    closed = None if is_open else clock.text(since)
    contact_id = dice.choice(world.contacts)
    row = {
        "id": pk,
        "title": f"{names.VACANCIES[pk % len(names.VACANCIES)]} {pk}",
        "contact_id": contact_id,
        "organization_id": dice.choice(world.organizations),
        "stage_id": world.stages[stage],
        "amount": amount,
        "outcome": ("won", "lost")[stage - steps] if stage >= steps else "",
        "lost_reason_id": dice.choice(world.reasons) if stage == steps + 1 else None,
        "source_id": dice.choice(world.sources),
        "owner_id": owner,
        "created_at": clock.text(began),
        "updated_at": clock.text(since),
        "stage_since": clock.text(since),
        "closed_at": closed,
    }
    return row, stays


def stay(world, deal_id, stage, entered, left, since, amount, owner):
    return {
        "deal_id": deal_id,
        "stage_id": world.stages[stage],
        "counts_as_open": stage < len(world.stages) - 2,
        "entered_at": world.clock.text(entered),
        "left_at": world.clock.text(left),
        "stage_since": world.clock.text(since),
        "amount": amount,
        "owner_id": owner,
        "archived": False,
        "moved_by_id": owner,
    }
