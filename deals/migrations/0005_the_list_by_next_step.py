"""Overdue deals are listed longest overdue first, and won ones are counted, from an index alone."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

OPEN = Q(closed_at__isnull=True, archived_at__isnull=True)
CLOSED = Q(closed_at__isnull=False, archived_at__isnull=True)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("deals", "0004_the_list_in_each_of_its_orders")]

    operations = [
        # SELECT … WHERE <open> AND next_step_at < now ORDER BY next_step_at, id LIMIT 51
        AddIndexConcurrently(
            "deal",
            models.Index(name="deal_open_by_next_step", fields=["next_step_at", "id"], condition=OPEN),
        ),
        # SELECT count(*) FROM (SELECT id … WHERE <closed> AND outcome = 'won' LIMIT 10001)
        RemoveIndexConcurrently("deal", "deal_by_closing"),
        AddIndexConcurrently(
            "deal",
            models.Index(
                name="deal_by_closing", fields=["-closed_at", "-id"], include=["outcome"], condition=CLOSED
            ),
        ),
        RemoveIndexConcurrently("deal", "deal_of_owner_by_closing"),
        AddIndexConcurrently(
            "deal",
            models.Index(
                name="deal_of_owner_by_closing",
                fields=["owner", "-closed_at", "-id"],
                include=["outcome"],
                condition=CLOSED,
            ),
        ),
    ]
