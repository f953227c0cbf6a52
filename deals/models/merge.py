"""The deals of a stage that is merged into another: moved set-based, each as its door would move it."""

from django.db import connection
from django.utils import timezone

from records.events import tell

from ..events import DealMoved

# Who was moved out of the stage while the lock was waited for stands there no longer, and is left alone.
LOCK = "SELECT id FROM deals_deal WHERE stage_id = %s ORDER BY id FOR NO KEY UPDATE"

# One moment a deal, as `StageHistory.next_moment` has it, and what was before as `come_after` says it.
MOVE = """
    WITH ended AS (
        UPDATE deals_stagehistory SET left_at = greatest(clock_timestamp(), entered_at)
        WHERE left_at IS NULL AND deal_id = ANY(%(deals)s)
        RETURNING deal_id, stage_id, stage_since, deal_since, left_at AS at
    ), begun AS (
        INSERT INTO deals_stagehistory (
            deal_id, stage_id, counts_as_open, entered_at, stage_since, amount, owner_id, archived,
            moved_by_id, came_from_id, came_since, deal_since
        )
        SELECT deal.id, %(stage)s, deal.archived_at IS NULL, ended.at, ended.at, deal.amount, deal.owner_id,
               deal.archived_at IS NOT NULL, %(by)s, ended.stage_id, ended.stage_since, ended.deal_since
        FROM ended JOIN deals_deal deal ON deal.id = ended.deal_id
    )
    UPDATE deals_deal deal SET
        stage_id = %(stage)s, outcome = '', stage_since = ended.at, closed_at = NULL, lost_reason_id = NULL,
        version = version + 1, updated_at = ended.at
    FROM ended WHERE deal.id = ended.deal_id
    RETURNING deal.id, ended.at, ended.stage_since
"""


def move_all(deal_model, stage, target, *, by):
    """Move all deals in `stage` to the open stage `target`, as `by`, in the running transaction.

    Only for `Stage.merge_into`, which holds both stages. Archived ones too. Tells DealMoved of each;
    returns how many moved.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [stage.pk])
        deals = [pk for (pk,) in cursor.fetchall()]
        if not deals:
            return 0
        cursor.execute(MOVE, {"deals": deals, "stage": target.pk, "by": by.pk})
        moved = cursor.fetchall()
    before, after = ({"id": each.pk, "name": each.name, "color": each.color} for each in (stage, target))
    tell(
        *(
            DealMoved(
                deal_model(pk=pk),
                by=by,
                at=at,
                before=before,
                after=after,
                days=_days(since, at),
                changes={"stage": [before, after]},
            )
            for pk, at, since in moved
        )
    )
    return len(moved)


def _days(since, at):
    """How many days ago, in the zone in force, a deal entered the stage; None if that is not known."""
    return (timezone.localdate(at) - timezone.localdate(since)).days if since else None
