"""A person's past funnel finds his deals, archived included, in an index alone (docs/explain.md)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("deals", "0005_the_list_by_next_step")]

    operations = [
        # stays JOIN deals_deal ON … WHERE owner_id IN (7)
        AddIndexConcurrently("deal", models.Index(name="deal_of_owner", fields=["owner", "id"])),
    ]
