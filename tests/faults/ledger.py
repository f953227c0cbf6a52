"""Who writes while things are killed, and keeps what was acknowledged."""

import itertools
import threading
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager

from tests.faults.running_site import ask

WRITERS = 4

SEED = """
from accounts.models import Company, User
from pipeline.models import Pipeline
User.objects.create_first_admin(
    email="admin@example.com", password="four-rivers-and-a-boat", language="en", first_name="Admin"
)
Company.objects.create(name="Finver", language="en")
Pipeline.objects.make_ready("simple", language="en", currency="RUB")
"""


class Ledger:
    """Writers that post one deal after the other to `site`, each with a title of its own."""

    def __init__(self, site):
        self.site = site
        self.acknowledged = set()
        self.refused = 0
        self._numbers = itertools.count()
        self._stopped = threading.Event()

    @contextmanager
    def writing(self):
        """Write until the end of the block."""
        self._stopped.clear()
        writers = [threading.Thread(target=self._write) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        try:
            yield
        finally:
            self._stopped.set()
            for writer in writers:
                writer.join()

    def wait_for(self, more, seconds=20):
        """Wait until so many more are acknowledged."""
        wanted, deadline = len(self.acknowledged) + more, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < deadline, self.site.log.read_text()[-600:]
            time.sleep(0.02)

    def lost(self):
        """What was acknowledged and is not there."""
        status, body = self.site.get("/ledger/")
        assert status == 200, body
        return self.acknowledged - set(body.splitlines())

    def _write(self):
        while not self._stopped.is_set():
            title = f"deal {next(self._numbers)}"
            if self.post(title):
                self.acknowledged.add(title)
            else:
                self.refused += 1
                time.sleep(0.05)

    def post(self, title):
        form = urllib.parse.urlencode({"title": title}).encode()
        status, _body = ask(urllib.request.Request(f"{self.site.address}/ledger/", data=form))
        return status == 201
