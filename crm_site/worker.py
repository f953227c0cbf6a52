"""The job worker: `python -m crm_site.worker`.

procrastinate's own command says in English that it begins; ours says something only where it ends.
"""

import asyncio
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_site.settings")

import django  # noqa: E402
import psycopg  # noqa: E402
from procrastinate.exceptions import ProcrastinateException  # noqa: E402

from crm_site.problems import Problem, causes, database_is_away, give_up  # noqa: E402

JOBS_AT_ONCE = 4  # so that letters do not wait for the backup of a big base
STOP_SECONDS = 2  # a job cut off by it is taken up again by the next worker


def main() -> None:
    """Work until SIGTERM or SIGINT; code 1 with a sentence where the base is away."""
    try:
        django.setup()
        asyncio.run(work())
    except Problem as problem:
        give_up(problem)
    except (ProcrastinateException, psycopg.Error) as end:
        refusal = next((cause for cause in causes(end) if isinstance(cause, psycopg.Error)), None)
        if refusal is None:
            raise
        give_up(database_is_away(refusal))


async def work() -> None:
    """Take jobs of all queues, on connections of the worker's own."""
    from procrastinate.contrib.django import app  # not at the top: it reads the settings

    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        async with worker.open_async():
            await worker.run_worker_async(concurrency=JOBS_AT_ONCE, shutdown_graceful_timeout=STOP_SECONDS)


if __name__ == "__main__":
    main()
