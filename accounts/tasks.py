"""Jobs of the room."""

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app

from .models import Attempt


@app.periodic(cron="41 3 * * *")
@app.task(name="accounts.forget_past", queueing_lock="accounts.forget_past")
def forget_past(timestamp):
    """Delete sessions that are over and counts of attempts that no longer stand. Safe to run again."""
    SessionStore.clear_expired()
    Attempt.objects.forget_past()
