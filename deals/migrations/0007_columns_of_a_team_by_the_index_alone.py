"""The first cards of a column for one person or a team are chosen from an index alone."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("deals", "0006_whose_deals_from_an_index")]

    operations = [
        RemoveIndexConcurrently("deal", "deal_open_needs_attention"),
        AddIndexConcurrently(
            "deal",
            models.Index(
                name="deal_open_needs_attention",
                fields=["stage", "owner"],
                include=["next_step_at", "stage_since", "in_column_since", "id"],
                condition=models.Q(closed_at__isnull=True, archived_at__isnull=True),
            ),
        ),
    ]
