"""The worker, for a test that wants its jobs done as they are in real life."""

import threading

from procrastinate.contrib.django import app


def work():
    """Do the jobs that wait, and return once there are none."""
    # in a thread: a test in the browser has a loop running in its own
    thread = threading.Thread(target=_work)
    thread.start()
    thread.join()


def _work():
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
