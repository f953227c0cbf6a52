"""Jobs for jobs: what a killed worker had begun is taken up again."""

from django.utils import timezone, translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.models import Company

from .models import Operation

EACH_MINUTE = "* * * * *"
KEPT_HOURS = 24


@app.periodic(cron=EACH_MINUTE)
@app.task(name="records.resume_jobs", queue="upkeep", queueing_lock="records.resume_jobs", pass_context=True)
async def resume_jobs(context, timestamp):
    """Enqueue again the jobs of workers that gave no sign for half a minute. Safe to run again.

    procrastinate leaves them «doing» for ever; each is a function that can run twice. The runs of this
    job itself are forgotten after a day.
    """
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        await jobs.retry_job(job)
    await jobs.delete_old_jobs(nb_hours=KEPT_HOURS, queue="upkeep")


@app.task(
    name="records.finish_undo",
    retry=RetryStrategy(max_attempts=8, exponential_wait=4),
    pass_context=False,
)
def finish_undo(pk):
    """Take back what is left of the operation `pk`. Safe to run again: a batch that was done is done."""
    operation = Operation.objects.select_related("undone_by").filter(pk=pk).first()
    if operation is not None:
        company = Company.objects.current()
        # what was kept is named with the reason in words: those of who undid it
        language = (operation.undone_by and operation.undone_by.language) or company.language
        with timezone.override(company.zone), translation.override(language):
            operation.finish_undo()
