"""The dashboard counts a period from indexes alone; the planner knows how few stays are open at a moment."""

from django.contrib.postgres.indexes import GistIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

from deals.querysets.stage_history import OpenSpan

INDEXES = [
    GistIndex(
        OpenSpan(models.F("entered_at"), models.F("left_at")),
        name="stay_open_at",
        condition=models.Q(counts_as_open=True),
    ),
    models.Index(
        name="stay_by_entry",
        fields=["stage", "entered_at"],
        include=["id", "deal", "stage_since", "amount", "owner"],
    ),
    models.Index(
        name="stay_by_leaving",
        fields=["stage", "left_at"],
        include=["id", "deal", "stage_since"],
        condition=models.Q(left_at__isnull=False),
    ),
    models.Index(name="stay_of_deal", fields=["deal", "entered_at"], include=["id", "stage", "stage_since"]),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("deals", "0007_columns_of_a_team_by_the_index_alone")]

    operations = [
        operation
        for index in INDEXES
        for operation in (
            RemoveIndexConcurrently("stagehistory", index.name),
            AddIndexConcurrently("stagehistory", index),
        )
    ]
