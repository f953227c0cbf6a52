"""One amount that several raise by one at once: no raise that was acknowledged may be overwritten unseen."""

import json
import threading
import time
from contextlib import contextmanager

from tests.faults.person import form_with, number_in

TABS = 3
PAUSE_SECONDS = 0.1


class Counter:
    """A deal of `person` whose amount is raised in several tabs at once, in place, as its card does it."""

    def __init__(self, person):
        self.person = person
        form = form_with("token", person.get("/deals/new/").body)
        made = person.post("/deals/new/", form | {"title": "Counted", "amount": "0"})
        self.address = f"/deals/{number_in(made.leads_to)}/field/amount/"
        self.raised = []  # from which amount, of each acknowledged raise
        self.overtaken = 0  # raises that were refused and said so
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
        """How many acknowledged raises somebody else's raise has undone unseen."""
        twice = len(self.raised) - len(set(self.raised))
        return twice + (max(self.raised) + 1 > self._amount())

    def _amount(self):
        return _amount_in(form_with("shown", self.person.get(self.address).body))

    def _count(self):
        while not self._stopped.is_set():
            form = form_with("shown", self.person.get(self.address).body)
            if form:
                amount = _amount_in(form)
                answer = self.person.post(self.address, form | {"value": str(amount + 1)})
                if answer.is_done:
                    self.raised.append(amount)
                elif answer.status == 409:
                    self.overtaken += 1
            time.sleep(PAUSE_SECONDS)


def _amount_in(form):
    return int(float(json.loads(form["shown"])))
