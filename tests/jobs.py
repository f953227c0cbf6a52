"""The worker, for a test that wants its jobs done as they are in real life."""

from procrastinate.contrib.django import app


def work():
    """Do the jobs that wait, and return once there are none."""
    worker = app.with_connector(app.connector.get_worker_connector())
    with worker.replace_connector(worker.connector):
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
