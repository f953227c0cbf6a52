"""Two real connections: what somebody does while another's transaction is still open."""

import threading
from contextlib import contextmanager

from django.db import connection, transaction

HELD_SECONDS = 0.5  # long enough for the other one to come to the lock


@contextmanager
def still_open(work):
    """Do `work` on a connection of its own; its transaction stays open while the block begins, then commits.

    What `work` raises is raised at the end of the block.
    """
    done, go_on, raised = threading.Event(), threading.Event(), []

    def run():
        try:
            with transaction.atomic():
                work()
                done.set()
                go_on.wait(10)
                go_on.clear()
                go_on.wait(HELD_SECONDS)
        except Exception as problem:  # noqa: BLE001 (raised again below)
            raised.append(problem)
        finally:
            done.set()
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert done.wait(10)
    go_on.set()
    yield
    thread.join(10)
    assert not thread.is_alive()
    if raised:
        raise raised[0]
