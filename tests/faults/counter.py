"""One amount that several change at once: no change that was acknowledged may be overwritten unseen."""

import itertools
import json
import threading
import time
from contextlib import contextmanager

from tests.faults.person import form_with, number_in

TABS = 3
PAUSE_SECONDS = 0.3


class Counter:
    """A deal of `person` whose amount is changed in several tabs at once, in place, as its card does it.

    Each amount is a number that no other change gives, so that each can be followed to the next one.
    """

    def __init__(self, person):
        self.person = person
        form = form_with("token", person.get("/deals/new/").body)
        made = person.post("/deals/new/", form | {"title": "Counted", "amount": "0"})
        self.address = f"/deals/{number_in(made.leads_to)}/field/amount/"
        self.changed = []  # (amount before, amount after), acknowledged
        self.unanswered = []  # amounts before, where nobody knows whether it was changed
        self.overtaken = 0  # changes that were refused and said so
        self._amounts = itertools.count(1)
        self._stopped = threading.Event()

    @contextmanager
    def counting(self):
        tabs = [threading.Thread(target=self._count) for _ in range(TABS)]
        for tab in tabs:
            tab.start()
        try:
            yield
        finally:
            self._stopped.set()
            for tab in tabs:
                tab.join()

    def overwritten(self):
        """How many acknowledged changes went unseen: made from the same amount, or followed by none."""
        before = [amount for amount, _after in self.changed]
        followed = {*before, *self.unanswered, self._amount()}
        unfollowed = [after for _before, after in self.changed if after not in followed]
        return len(before) - len(set(before)) + len(unfollowed)

    def _amount(self):
        return _amount_in(form_with("shown", self.person.get(self.address).body))

    def _count(self):
        while not self._stopped.is_set():
            if form := form_with("shown", self.person.get(self.address).body):
                self._change(form, _amount_in(form), next(self._amounts))
            time.sleep(PAUSE_SECONDS)

    def _change(self, form, before, after):
        answer = self.person.post(self.address, form | {"value": str(after)})
        if answer.is_done:
            self.changed.append((before, after))
        elif answer.status == 409:
            self.overtaken += 1
        else:
            self.unanswered.append(before)


def _amount_in(form):
    return int(float(json.loads(form["shown"])))
