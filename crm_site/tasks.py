"""Jobs of the site itself."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from accounts.models import Company
from crm_site.backup import nightly


@app.periodic(cron="17 * * * *")
@app.task(name="crm_site.nightly_backup", queueing_lock="nightly_backup", lock="nightly_backup")
def nightly_backup(timestamp):
    """Make and prove the night's backup, if there is a company and it has none yet. Safe to run again."""
    company = Company.objects.current()
    if company and nightly.is_due(datetime.now(UTC), company.zone):
        nightly.run(company.today(), company.zone)
