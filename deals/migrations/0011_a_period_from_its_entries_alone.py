"""No stay without what was before it, and the indexes by which each figure of a period is one scan.

From the constraint on a site of before 0009 can't write a stay: it is to be stopped by now.
"""

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models
from django.db.models import F, Q

ENTRY = ~Q(came_from=F("stage"))
SAYS_WHAT_WAS_BEFORE = models.CheckConstraint(
    name="deal_stay_says_what_was_before",
    condition=Q(came_from__isnull=False)
    | Q(came_since=None, deal_since=None, entered_at=None)
    | Q(came_since=None, deal_since__isnull=False, entered_at__isnull=False, deal_since=F("entered_at")),
)
BY_ORIGIN = models.Index(
    name="stay_by_origin",
    fields=["came_from", "entered_at"],
    include=["stage", "came_since", "deal", "owner"],
    condition=Q(came_from__isnull=False) & ENTRY,
)
CHANGED = [
    models.Index(
        name="stay_by_entry",
        fields=["stage", "entered_at"],
        include=["id", "deal", "came_from", "deal_since", "amount", "owner"],
        condition=ENTRY,
    ),
    models.Index(
        name="stay_by_leaving",
        fields=["stage", "left_at"],
        include=["id", "deal", "owner"],
        condition=Q(left_at__isnull=False),
    ),
    models.Index(name="stay_of_deal", fields=["deal", "entered_at"]),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("deals", "0010_stays_that_were_there_say_it_too")]

    operations = [
        AddConstraintNotValid("stagehistory", SAYS_WHAT_WAS_BEFORE),
        ValidateConstraint("stagehistory", SAYS_WHAT_WAS_BEFORE.name),
        AddIndexConcurrently("stagehistory", BY_ORIGIN),
        *(
            operation
            for index in CHANGED
            for operation in (
                RemoveIndexConcurrently("stagehistory", index.name),
                AddIndexConcurrently("stagehistory", index),
            )
        ),
    ]
