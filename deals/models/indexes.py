"""The indexes of deals, each with the query it serves (docs/explain.md has their plans)."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import Index, Q

PRESENT = Q(archived_at__isnull=True)
ARCHIVED = Q(archived_at__isnull=False)
# The very conditions of `open()` and `closed()`, which PostgreSQL compares as texts.
OPEN = Q(closed_at__isnull=True, archived_at__isnull=True)
CLOSED = Q(closed_at__isnull=False, archived_at__isnull=True)

INDEXES = [
    # totals of board and dashboard, index-only; one's own columns (FACTS 7)
    Index(
        name="deal_open_by_stage",
        fields=["stage", "owner"],
        include=["amount"],
        condition=OPEN,
    ),
    # how many lack a next step, how many stand; the first of a column for some people; index-only
    Index(
        name="deal_open_needs_attention",
        fields=["stage", "owner"],
        include=["next_step_at", "stage_since", "in_column_since", "id"],
        condition=OPEN,
    ),
    # a column of the board, newest in stage first
    Index(
        name="deal_open_in_column",
        fields=["stage", "-in_column_since", "-id"],
        condition=OPEN,
    ),
    # the list: changed last first, everybody's and one's own
    Index(
        name="deal_by_change",
        fields=["-updated_at", "-id"],
        condition=PRESENT,
    ),
    Index(
        name="deal_of_owner_by_change",
        fields=["owner", "-updated_at", "-id"],
        condition=PRESENT,
    ),
    # the list of open deals, everybody's, in each of its orders (`deals.listing`)
    Index(
        name="deal_open_by_change",
        fields=["-updated_at", "-id"],
        condition=OPEN,
    ),
    Index(
        name="deal_open_by_amount",
        fields=["-amount", "-id"],
        condition=OPEN,
    ),
    Index(
        name="deal_open_by_creation",
        fields=["-created_at", "-id"],
        condition=OPEN,
    ),
    Index(
        name="deal_open_by_stage_since",
        fields=["-in_column_since", "-id"],
        condition=OPEN,
    ),
    Index(
        name="deal_open_by_title",
        fields=["search", "id"],
        condition=OPEN,
    ),
    Index(
        name="deal_open_by_next_step",
        fields=["next_step_at", "id"],
        condition=OPEN,
    ),
    # one's own open deals; few enough to be sorted otherwise in memory
    Index(
        name="deal_open_of_owner",
        fields=["owner", "-updated_at", "-id"],
        condition=OPEN,
    ),
    # won and lost ones, closed last first, everybody's and one's own; how many, index-only
    Index(
        name="deal_by_closing",
        fields=["-closed_at", "-id"],
        include=["outcome"],
        condition=CLOSED,
    ),
    Index(
        name="deal_of_owner_by_closing",
        fields=["owner", "-closed_at", "-id"],
        include=["outcome"],
        condition=CLOSED,
    ),
    # open and closed ones by creation; created within a period
    Index(
        name="deal_by_creation",
        fields=["-created_at", "-id"],
        condition=PRESENT,
    ),
    Index(
        name="deal_of_owner_by_creation",
        fields=["owner", "-created_at", "-id"],
        condition=PRESENT,
    ),
    # the archive
    Index(
        name="deal_archived",
        fields=["-updated_at", "-id"],
        condition=ARCHIVED,
    ),
    # whatever hangs on an owner or a stage, archived included (hand-over, merging, admin);
    # the past of one's own deals, index-only
    Index(name="deal_of_stage", fields=["stage"]),
    Index(name="deal_of_owner", fields=["owner", "id"]),
    # the search field of lists and forms
    GinIndex(OpClass("search", name="gin_trgm_ops"), name="deal_search"),
]
