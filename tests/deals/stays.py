"""What a stay says was before it, against the rows themselves."""

from tests.deals.nights import rows_of


def said_wrongly():
    """Return the stays that say anything else of what was before than the rows before them do."""
    return rows_of(
        """SELECT stay.* FROM deals_stagehistory stay JOIN (
             SELECT id, lag(stage_id) OVER way AS stage, lag(stage_since) OVER way AS since,
                    first_value(entered_at) OVER way AS began
             FROM deals_stagehistory WINDOW way AS (PARTITION BY deal_id ORDER BY entered_at NULLS FIRST, id)
           ) AS path USING (id)
           WHERE (came_from_id, came_since, deal_since) IS DISTINCT FROM (stage, since, began)"""
    )
