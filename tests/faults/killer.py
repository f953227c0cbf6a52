"""Kills parts of a running site at random, never oftener than its supervisor forgives."""

import random
import threading
import time
from collections import Counter, deque
from contextlib import contextmanager

import psutil

from crm_site.supervisor import RESTARTS, RESTARTS_WITHIN_SECONDS

EVERY_SECONDS = 2


class Killer:
    """Kills with -9; `kills` counts the parts."""

    def __init__(self, site, seed):
        self.site = site
        self.dice = random.Random(seed)
        self.kills: Counter[str] = Counter()
        self._stopped = threading.Event()
        self._ends: dict[str, deque[float]] = {
            part: deque(maxlen=RESTARTS) for part in ("master", "postmaster")
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

    def _kill(self):
        while not self._stopped.wait(EVERY_SECONDS):
            part = self.dice.choice(["worker", "backend", *filter(self._is_forgiven, self._ends)])
            try:
                self.dice.choice(self._processes(part)).kill()
            except (OSError, IndexError, StopIteration, psutil.Error):  # it is just between two lives
                continue
            self.kills[part] += 1
            if part in self._ends:
                self._ends[part].append(time.monotonic())

    def _processes(self, part):
        match part:
            case "worker":
                return self.site.gunicorn().children()
            case "master":
                return [self.site.gunicorn()]
            case "postmaster":
                return [self.site.postmaster()]
        return self.site.postmaster().children()

    def _is_forgiven(self, part):
        ends = self._ends[part]
        return len(ends) < RESTARTS or time.monotonic() - ends[0] > RESTARTS_WITHIN_SECONDS + 5
