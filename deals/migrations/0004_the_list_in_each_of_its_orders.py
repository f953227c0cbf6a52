"""Each order of the list of deals is read from an index, made while people work (`deals.listing`)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

OPEN = Q(closed_at__isnull=True, archived_at__isnull=True)
CLOSED = Q(closed_at__isnull=False, archived_at__isnull=True)
PRESENT = Q(archived_at__isnull=True)

INDEXES = {
    # SELECT … WHERE <open> ORDER BY updated_at DESC, id DESC LIMIT 51, and so on
    "deal_open_by_change": (["-updated_at", "-id"], OPEN),
    "deal_open_by_amount": (["-amount", "-id"], OPEN),
    "deal_open_by_creation": (["-created_at", "-id"], OPEN),
    "deal_open_by_stage_since": (["-in_column_since", "-id"], OPEN),
    "deal_open_by_title": (["search", "id"], OPEN),
    # … WHERE <open> AND owner_id IN (7) ORDER BY updated_at DESC, id DESC; other orders in memory
    "deal_open_of_owner": (["owner", "-updated_at", "-id"], OPEN),
    # … WHERE <closed> AND outcome = 'won' AND closed_at >= … ORDER BY closed_at DESC, id DESC
    "deal_by_closing": (["-closed_at", "-id"], CLOSED),
    "deal_of_owner_by_closing": (["owner", "-closed_at", "-id"], CLOSED),
    # … WHERE archived_at IS NULL AND created_at >= … ORDER BY created_at DESC, id DESC
    "deal_by_creation": (["-created_at", "-id"], PRESENT),
    "deal_of_owner_by_creation": (["owner", "-created_at", "-id"], PRESENT),
    # … WHERE archived_at IS NOT NULL ORDER BY updated_at DESC, id DESC
    "deal_archived": (["-updated_at", "-id"], Q(archived_at__isnull=False)),
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("deals", "0003_board_reads_what_needs_attention")]

    operations = [
        AddIndexConcurrently("deal", models.Index(name=name, fields=fields, condition=condition))
        for name, (fields, condition) in INDEXES.items()
    ]
