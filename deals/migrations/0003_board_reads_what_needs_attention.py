"""Counting what lacks a next step and what stands reads an index alone, made while people work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("deals", "0002_outcome_is_the_stages")]

    operations = [
        AddIndexConcurrently(
            "deal",
            models.Index(
                name="deal_open_needs_attention",
                fields=["stage", "owner"],
                include=["next_step_at", "stage_since"],
                condition=models.Q(closed_at__isnull=True, archived_at__isnull=True),
            ),
        )
    ]
