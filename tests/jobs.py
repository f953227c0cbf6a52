"""The worker, for a test that wants its jobs done as they are in real life."""

import re
import threading
from unittest.mock import patch

from django.conf import settings
from django.core import mail
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def work():
    """Do the jobs that wait, and return once there are none."""
    # in a thread: a test in the browser has a loop running in its own
    thread = threading.Thread(target=_work)
    thread.start()
    thread.join()


def _work():
    """Without what is done at its hour: a test that runs a few minutes after it would do that too."""
    periodic = patch.dict(app.periodic_registry.periodic_tasks, clear=True)
    with periodic, app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def work_here():
    """Do the jobs that wait in this test's own transaction, which no worker sees."""
    for job in ProcrastinateJob.objects.filter(status="todo").order_by("id"):
        app.tasks[job.task_name](**job.args)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])


def letters():
    """Return the letters that were sent since the last call, once the waiting jobs are done."""
    work_here()
    sent, mail.outbox[:] = list(mail.outbox), []
    return sent


def link_in(letter):
    """Return the path of the one link in a letter."""
    [link] = re.findall(rf"{re.escape(settings.SITE_URL)}(/\S+)", letter.body)
    return link
