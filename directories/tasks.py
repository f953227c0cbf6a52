"""Jobs of the room."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import indexes
from .merging import finish_for
from .models import CustomField, Entry


@app.task(
    name="directories.keep_index", retry=RetryStrategy(max_attempts=8, exponential_wait=4), pass_context=False
)
def keep_index(field_id):
    """Make or drop the index of an own field, as the field says by now. Safe to run again."""
    field = CustomField.objects.filter(pk=field_id).first()
    if field is None:
        return
    if indexes.is_wanted(field):
        indexes.make_index(field)
    else:
        indexes.drop_index(field)


@app.task(
    name="directories.finish_merge",
    retry=RetryStrategy(max_attempts=8, exponential_wait=4),
    pass_context=False,
)
def finish_merge(pk, by):
    """Merge an entry that many records hold. Safe to run again."""
    finish_for(Entry, pk, by=by)
