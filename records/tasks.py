"""Jobs for jobs: what a killed worker had begun is taken up again."""

from procrastinate.contrib.django import app

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
