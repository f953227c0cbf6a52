"""Eight clients make deals and three tabs change one amount, while parts of the site are killed at random."""

import os

from tests.faults.counter import Counter
from tests.faults.killer import PARTS, Killer
from tests.faults.ledger import Ledger
from tests.faults.report import of_ledger


def survive(site, person, deals, most_seconds):
    """Write until `deals` new deals are acknowledged under kills; return the report of it.

    `SEED` throws the same dice again. Each part was killed at least once, and the tabs did meet.
    """
    seed = int(os.environ.get("SEED", "1"))
    ledger, counter, killer = Ledger(person), Counter(person), Killer(site, seed)
    with ledger.writing(), counter.counting():
        with killer.killing():
            ledger.wait_for(deals, most_seconds)
        killer.kill_each_once()
        ledger.wait_for(1, most_seconds)
    site.wait_until_ready()
    report = of_ledger(
        "R1, R2, R3",
        f"{deals} deals under random kill -9, SEED={seed}; one amount changed {len(counter.changed)} times,"
        f" {counter.overtaken} overtaken and told so",
        ledger,
        kills=", ".join(f"{part} {killer.kills[part]}" for part in PARTS),
        overwritten=counter.overwritten(),
    )
    assert counter.overtaken, report
    assert killer.kills.keys() == PARTS.keys(), report
    return report
