"""The stays written before 0009 learn what was before them, some deals at a time, while people work."""

from django.db import migrations, transaction

BATCH = 500  # deals; their doors wait for about a quarter of a second
NEWEST = "SELECT coalesce(max(deal_id), 0) FROM deals_stagehistory"
# What every door takes first: no stay of these deals is being written meanwhile.
HOLD = "SELECT FROM deals_deal WHERE id BETWEEN %s AND %s ORDER BY id FOR NO KEY UPDATE"
FILL = """
    UPDATE deals_stagehistory AS stay
    SET came_from_id = path.came_from, came_since = path.came_since, deal_since = path.deal_since
    FROM (
      SELECT id, lag(stage_id) OVER way AS came_from, lag(stage_since) OVER way AS came_since,
             first_value(entered_at) OVER way AS deal_since
      FROM deals_stagehistory WHERE deal_id BETWEEN %s AND %s
      WINDOW way AS (PARTITION BY deal_id ORDER BY entered_at NULLS FIRST, id)
    ) AS path
    WHERE path.id = stay.id AND (stay.came_from_id, stay.came_since, stay.deal_since)
      IS DISTINCT FROM (path.came_from, path.came_since, path.deal_since)
"""
UNFILLED = """
    SELECT DISTINCT deal_id FROM deals_stagehistory
    WHERE came_from_id IS NULL AND deal_since IS NULL AND entered_at IS NOT NULL
"""


def fill(apps, schema_editor):
    """Fill all deals, then those that a site of before went on to write meanwhile. Safe to run again."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(NEWEST)
        [newest] = cursor.fetchone()
        for first in range(1, newest + 1, BATCH):
            fill_deals(cursor, first, first + BATCH - 1)
        cursor.execute(UNFILLED)
        for [deal] in cursor.fetchall():
            fill_deals(cursor, deal, deal)


def fill_deals(cursor, first, last):
    """Fill the stays of the deals numbered from `first` to `last`."""
    with transaction.atomic():
        cursor.execute(HOLD, [first, last])
        cursor.execute(FILL, [first, last])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("deals", "0009_a_stay_says_what_was_before")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
