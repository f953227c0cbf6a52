"""What is always true of deals: name → (the rule in words, SQL that finds the ids of what breaks it)."""

from django.utils.translation import gettext_lazy as _

INVARIANTS = {
    "deal_stands_where_its_history_says": (
        _("Each deal has one current row of stage history, which says of it what the deal says."),
        """SELECT d.id FROM deals_deal d JOIN pipeline_stage s ON s.id = d.stage_id
           LEFT JOIN deals_stagehistory h ON h.deal_id = d.id AND h.left_at IS NULL
           WHERE h.id IS NULL OR (h.stage_id, h.owner_id, h.archived, h.counts_as_open)
               <> (d.stage_id, d.owner_id, d.archived_at IS NOT NULL,
                   d.closed_at IS NULL AND d.archived_at IS NULL)
             OR h.amount IS DISTINCT FROM d.amount OR h.stage_since IS DISTINCT FROM d.stage_since""",
    ),
    "history_has_no_gap": (
        _("A row of stage history begins at the moment at which the row before it ended."),
        """SELECT DISTINCT deal_id FROM (
             SELECT deal_id, entered_at,
                    lag(left_at) OVER path AS left_before, row_number() OVER path AS number
             FROM deals_stagehistory
             WINDOW path AS (PARTITION BY deal_id ORDER BY entered_at NULLS FIRST, left_at NULLS LAST, id)
           ) rows WHERE number > 1 AND entered_at IS DISTINCT FROM left_before""",
    ),
    "history_says_what_was_before": (
        _("A row of stage history says what the row before it was, and since when the deal is here."),
        """SELECT DISTINCT deal_id FROM (
             SELECT deal_id, came_from_id, came_since, deal_since,
                    lag(stage_id) OVER path AS stage, lag(stage_since) OVER path AS since,
                    first_value(entered_at) OVER path AS first
             FROM deals_stagehistory
             WINDOW path AS (PARTITION BY deal_id ORDER BY entered_at NULLS FIRST, left_at NULLS LAST, id)
           ) rows
           WHERE came_from_id IS DISTINCT FROM stage OR came_since IS DISTINCT FROM since
              OR deal_since IS DISTINCT FROM first""",
    ),
    "open_deal_is_in_a_stage_in_use": (
        _("No open deal stands in a stage that is out of use."),
        """SELECT d.id FROM deals_deal d JOIN pipeline_stage s ON s.id = d.stage_id
           WHERE s.retired_at IS NOT NULL AND d.closed_at IS NULL AND d.archived_at IS NULL""",
    ),
}
