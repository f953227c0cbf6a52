"""Yesterday, for tests: the doors take the base's own clock, so it is what they wrote that moves back."""

from django.db import connection

# Row by row from the earliest on: at no moment do two stays of a deal overlap.
STAYS = """
DO $$ DECLARE stay record; BEGIN
  FOR stay IN SELECT id FROM deals_stagehistory ORDER BY entered_at NULLS FIRST, id LOOP
    UPDATE deals_stagehistory SET entered_at = entered_at - interval '{days} days',
      left_at = left_at - interval '{days} days', stage_since = stage_since - interval '{days} days',
      came_since = came_since - interval '{days} days', deal_since = deal_since - interval '{days} days'
    WHERE id = stay.id;
  END LOOP;
END $$
"""
DEALS = """
UPDATE deals_deal SET created_at = created_at - interval '{days} days',
  stage_since = stage_since - interval '{days} days', closed_at = closed_at - interval '{days} days',
  archived_at = archived_at - interval '{days} days'
"""


def days_pass(days=1):
    """Make all that happened so far to deals `days` days older."""
    with connection.cursor() as cursor:
        cursor.execute(STAYS.format(days=int(days)))
        cursor.execute(DEALS.format(days=int(days)))


def rows_of(sql, *values):
    """The rows of a bare query, as tuples."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
