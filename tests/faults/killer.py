"""Kills parts of a running site at random, never oftener than its supervisor forgives."""

import random
import threading
import time
from collections import Counter, deque
from contextlib import contextmanager

import psutil

from crm_site.supervisor import RESTARTS, RESTARTS_WITHIN_SECONDS

EVERY_SECONDS = 2
# How often each is chosen: what takes the base away is rarer, or little would be written between two kills.
WEIGHTS = {"worker": 5, "backend": 1, "master": 2, "postmaster": 1, "all of PostgreSQL": 1}
# What dies with each part, as the supervisor counts it.
PARTS = {
    "worker": None,
    "backend": None,
    "master": "gunicorn",
    "postmaster": "PostgreSQL",
    "all of PostgreSQL": "PostgreSQL",
}


class Killer:
    """Kills with -9; `kills` counts the parts."""

    def __init__(self, site, seed):
        self.site = site
        self.dice = random.Random(seed)
        self.kills: Counter[str] = Counter()
        self._stopped = threading.Event()
        self._ends: dict[str, deque[float]] = {
            whole: deque(maxlen=RESTARTS) for whole in ("gunicorn", "PostgreSQL")
        }

    @contextmanager
    def killing(self):
        killer = threading.Thread(target=self._kill)
        killer.start()
        try:
            yield
        finally:
            self._stopped.set()
            killer.join()

    def kill_each_once(self):
        """The parts that chance has left out so far, in a short run."""
        for part in PARTS.keys() - self.kills.keys():
            while not self._killed(part):
                time.sleep(0.1)

    def _kill(self):
        while not self._stopped.wait(EVERY_SECONDS):
            self._killed(*self.dice.choices(list(WEIGHTS), list(WEIGHTS.values())))

    def _killed(self, part):
        """Kill it and count it; False where it is between two lives, or was killed too often of late."""
        try:
            victims = self._processes(part)
            whole = PARTS[part] or ("PostgreSQL" if _recovers(victims[0]) else None)
            if whole and not self._is_forgiven(whole):
                return False
            for victim in victims:
                victim.kill()
        except (OSError, IndexError, StopIteration, ValueError, psutil.Error):
            return False
        self.kills[part] += 1
        if whole:
            self._ends[whole].append(time.monotonic())
        return True

    def _processes(self, part):
        match part:
            case "worker":
                return [self.dice.choice(self.site.gunicorn().children())]
            case "master":
                return [self.site.gunicorn()]
            case "postmaster":
                return [self.site.postmaster()]
            case "backend":
                return [self.dice.choice(self.site.postmaster().children())]
        postmaster = self.site.postmaster()
        return [postmaster, *postmaster.children()]

    def _is_forgiven(self, whole):
        ends = self._ends[whole]
        return len(ends) < RESTARTS or time.monotonic() - ends[0] > RESTARTS_WITHIN_SECONDS + 5


def _recovers(process):
    """Whether it is the process that replays the log: PostgreSQL does not outlive it."""
    return "startup" in " ".join(process.cmdline())
