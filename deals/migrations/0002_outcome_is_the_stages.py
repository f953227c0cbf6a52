"""A deal's outcome is its stage's: what the CHECKs on deals rest on (FACTS 29)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0001_initial"), ("pipeline", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE deals_deal ADD CONSTRAINT deal_outcome_is_its_stages"
            " FOREIGN KEY (stage_id, outcome) REFERENCES pipeline_stage (id, outcome)",
            "ALTER TABLE deals_deal DROP CONSTRAINT deal_outcome_is_its_stages",
        )
    ]
