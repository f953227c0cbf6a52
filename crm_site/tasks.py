"""Jobs of the site itself."""

from contextlib import suppress
from datetime import UTC, datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from accounts.models import Company
from crm_site.backup import nightly

ONE_BACKUP = "backup"  # at a time


@app.periodic(cron="17 * * * *")
@app.task(name="crm_site.nightly_backup", queueing_lock="nightly_backup", lock=ONE_BACKUP)
def nightly_backup(timestamp):
    """Make and prove the night's backup, if there is a company and it has none yet. Safe to run again."""
    company = Company.objects.current()
    if company and nightly.is_due(datetime.now(UTC), company.zone):
        nightly.run(company.today(), company.zone)


@app.task(name="crm_site.backup_now", queueing_lock="backup_now", lock=ONE_BACKUP)
def backup_now():
    """Make and prove one more of the nightly backups, since somebody asks for it. Safe to run again."""
    company = Company.objects.current()
    nightly.run(company.today(), company.zone)


def ask_for_backup():
    """Have the worker make a backup at once, unless one that was asked for is not done yet."""
    if not is_backup_asked_for():
        with suppress(AlreadyEnqueued), transaction.atomic():
            backup_now.defer()


def is_backup_asked_for():
    """Say whether a backup that somebody asked for waits or is being made. One query, with an index."""
    jobs = ProcrastinateJob.objects.filter(lock=ONE_BACKUP, status__in=["todo", "doing"])
    return jobs.filter(task_name=backup_now.name).exists()
