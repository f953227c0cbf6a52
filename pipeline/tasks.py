"""Jobs of the room."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from directories.merging import finish_for

from .models import Stage


@app.task(
    name="pipeline.finish_merge", retry=RetryStrategy(max_attempts=8, exponential_wait=4), pass_context=False
)
def finish_merge(pk, by):
    """Merge a stage in which many deals stand. Safe to run again."""
    finish_for(Stage, pk, by=by)
