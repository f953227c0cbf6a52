"""2,000 new deals while parts of the site are killed every other second (TRUST R1-R3, R6)."""

import os

import pytest

from tests.faults.counter import Counter
from tests.faults.killer import Killer
from tests.faults.ledger import NOTHING_WRONG, Ledger

pytestmark = pytest.mark.slow_faults

DEALS = 2000
MOST_SECONDS = 1800


def test_random_kills_lose_double_tear_and_overwrite_nothing(site, anna, capsys):
    seed = int(os.environ.get("SEED", "1"))
    ledger, counter, killer = Ledger(anna), Counter(anna), Killer(site, seed)
    with ledger.writing(), counter.counting(), killer.killing():
        ledger.wait_for(DEALS, MOST_SECONDS)
    site.wait_until_ready()
    balance, overwritten = ledger.balance(), counter.overwritten()
    kills = ", ".join(f"{part} {count}" for part, count in sorted(killer.kills.items()))
    with capsys.disabled():
        report = f"""
kills (SEED={seed}): {kills}
requests: {ledger.requests}, acknowledged {len(ledger.acknowledged)}, 503 or no answer {ledger.refused}
lost {len(balance.lost)}, duplicate {len(balance.duplicate)}, torn {len(balance.torn)}
amount changed {len(counter.changed)} times, overtaken and told so {counter.overtaken}, \
silently overwritten {overwritten}"""
        print(report)  # noqa: T201  for whoever runs it
    assert balance == NOTHING_WRONG
    assert overwritten == 0
    assert counter.overtaken > 0  # they did meet
    assert all(killer.kills[part] for part in ("worker", "backend", "master", "postmaster"))
