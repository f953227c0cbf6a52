"""Who writes while things are killed, and keeps what was acknowledged."""

import itertools
import string
import threading
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass

from tests.faults.person import form_with

WRITERS = 8
PAUSE_SECONDS = 0.05

# What a deal made by one form consists of, all or nothing.
TORN = """
SELECT title FROM deals_deal AS deal WHERE title LIKE %(titles)s AND (
    contact_id IS NULL
    OR (SELECT count(*) FROM deals_stagehistory AS stay
        WHERE stay.deal_id = deal.id AND stay.left_at IS NULL) <> 1
    OR (SELECT count(*) FROM deals_stagehistory AS stay WHERE stay.deal_id = deal.id)
        <> (SELECT count(*) FROM records_event AS event WHERE event.deal_id = deal.id))
UNION ALL
SELECT first_name FROM contacts_contact AS contact
WHERE last_name = %(family)s AND NOT EXISTS (SELECT FROM deals_deal WHERE contact_id = contact.id)
"""


@dataclass(frozen=True)
class Balance:
    """What the base holds against what was acknowledged."""

    lost: frozenset  # acknowledged and not there
    duplicate: frozenset  # there more than once
    torn: frozenset  # a deal without its contact, stay or event; a contact without its deal


NOTHING_WRONG = Balance(frozenset(), frozenset(), frozenset())


class Ledger:
    """Writers that make one deal after the other on `/deals/new/`, each with a title of its own.

    A form without an answer is sent again, with the same token, as a person would do it.
    """

    _ledgers = itertools.count()

    def __init__(self, person):
        self.person = person
        self.name = f"Ledger {next(self._ledgers)}"
        self.acknowledged = set()
        self.requests = self.refused = 0
        self.without_answer = 0  # of those refused: nothing came, or not within 15 s
        self.longest_silence = 0.0  # seconds between two acknowledgements
        self.surprise = None  # an answer that nobody should see, whatever is killed
        self._numbers = itertools.count()
        self._stopped = threading.Event()
        self._answered_at = 0.0

    @contextmanager
    def writing(self):
        """Write until the end of the block."""
        self._stopped.clear()
        self._answered_at = time.monotonic()
        writers = [threading.Thread(target=self._write) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        try:
            yield
        finally:
            self._stopped.set()
            for writer in writers:
                writer.join()

    def wait_for(self, more, seconds=30):
        """Wait until so many more are acknowledged."""
        wanted, deadline = len(self.acknowledged) + more, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            assert self.surprise is None
            assert self.person.site.supervisor.poll() is None, self.person.site.log.read_text()[-600:]
            assert time.monotonic() < deadline, self.person.site.log.read_text()[-600:]
            time.sleep(0.02)

    def restart_clock(self):
        """Count the longest silence from now on."""
        self.longest_silence, self._answered_at = 0.0, time.monotonic()

    def balance(self, site=None):
        """Of the base of its site, or of the one restored as `site`."""
        site, told = site or self.person.site, {"titles": f"{self.name}, %", "family": _letters(self.name)}
        titles = [
            title for (title,) in site.rows("SELECT title FROM deals_deal WHERE title LIKE %(titles)s", told)
        ]
        there = set(titles)
        return Balance(
            lost=frozenset(self.acknowledged - there),
            duplicate=frozenset(title for title in there if titles.count(title) > 1),
            torn=frozenset(what for (what,) in site.rows(TORN, told)),
        )

    def _write(self):
        empty = self._empty_form()
        while not self._stopped.is_set():
            title = f"{self.name}, {next(self._numbers)}"
            form = empty | {
                "title": title,
                "contact": f"{_letters(title)} {_letters(self.name)}",
                "token": str(uuid.uuid4()),  # as each rendering of the form has a new one
            }
            while not self._stopped.is_set():
                self.requests += 1
                answer = self.person.post("/deals/new/", form)
                if answer.is_done:
                    self.acknowledged.add(title)
                    self._note_answer()
                    break
                self.refused += 1
                self.without_answer += answer.status == 0
                if answer.status not in (0, 503):
                    self.surprise = answer
                time.sleep(PAUSE_SECONDS)

    def _note_answer(self):
        now = time.monotonic()
        self.longest_silence = max(self.longest_silence, now - self._answered_at)
        self._answered_at = now

    def _empty_form(self):
        while not self._stopped.is_set():
            if form := form_with("token", self.person.get("/deals/new/").body):
                return form
            time.sleep(PAUSE_SECONDS)
        return {}


def _letters(text):
    """`text` as a name that is nobody else's, without the digits that would be read as a phone."""
    return text.translate(str.maketrans(string.digits, "abcdefghij")).replace(" ", "").replace(",", "x")
