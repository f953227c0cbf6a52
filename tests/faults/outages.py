"""The base is away for a while, or everything: what people and watchers are answered meanwhile (TRUST R4)."""

import signal
import threading
import time
from contextlib import contextmanager

import psutil

from tests.faults.ledger import Ledger
from tests.faults.report import of_ledger

AROUND = 20  # deals acknowledged before and after
LOOK_SECONDS = 0.5


@contextmanager
def stopped(site):
    """PostgreSQL is down; its supervisor is held, so that it starts it again only afterwards."""
    supervisor, postmaster = psutil.Process(site.supervisor.pid), site.postmaster()
    supervisor.suspend()
    try:
        postmaster.send_signal(signal.SIGINT)
        while postmaster.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.02)
        yield
    finally:
        supervisor.resume()


@contextmanager
def paused(site):
    """PostgreSQL holds its breath: it takes no connection, answers none and refuses none."""
    postmaster = site.postmaster()
    with _suspended([postmaster, *postmaster.children()]):
        yield


@contextmanager
def asleep(site):
    """Everything stands still, as behind the closed lid of a laptop."""
    with _suspended(site.processes()):
        yield


@contextmanager
def _suspended(processes):
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in reversed(processes):
            process.resume()


def survive(site, person, outage, seconds):
    """Write before, during and after `seconds` of `outage`; return the report.

    Each request was answered meanwhile (`person` gives up after 15 s), the health of the base as 503, that
    of the process as 200.
    """
    ledger = Ledger(person)
    with ledger.writing():
        ledger.wait_for(AROUND)
        with outage(site):
            ledger.restart_clock()
            if outage is asleep:
                threading.Event().wait(seconds)
            else:
                _look_at_health(site, seconds)
        ledger.wait_for(AROUND, 120)
    site.wait_until_ready(60)
    report = of_ledger("R4", f"{outage.__name__} for {seconds} s", ledger, kills="none")
    assert outage is asleep or not ledger.without_answer, report
    return report


def _look_at_health(site, seconds):
    ends, answers = time.monotonic() + seconds, []
    while time.monotonic() < ends:
        answers.append((site.get("/health/ready")[0], site.get("/health/live")[0]))
        time.sleep(LOOK_SECONDS)
    assert set(answers) == {(503, 200)}
