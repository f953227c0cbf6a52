"""A stay says by itself in which stage the deal stood before it, since when, and when the deal began."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0008_a_period_from_indexes_alone"),
        ("pipeline", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "stagehistory",
            "came_from",
            models.ForeignKey(
                null=True,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="pipeline.stage",
            ),
        ),
        migrations.AddField("stagehistory", "came_since", models.DateTimeField(null=True)),
        migrations.AddField("stagehistory", "deal_since", models.DateTimeField(null=True)),
    ]
