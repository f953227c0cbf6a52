"""The fields that choose from a directory are found from it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directories", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="customfield",
            name="choices_from",
            field=models.ForeignKey(
                blank=True,
                help_text="The directory to choose from; only for the kind “one entry”.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="chosen_by",
                to="directories.directory",
                verbose_name="entries of",
            ),
        ),
    ]
