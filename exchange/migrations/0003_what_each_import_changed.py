"""What an import changed in records that were here is kept for each run, not only for the last one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_an_import_can_be_undone")]

    operations = [
        migrations.CreateModel(
            name="ImportedChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("replaced", models.JSONField()),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="exchange.importedrow",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="exchange.importrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "change by an import",
                "verbose_name_plural": "changes by an import",
            },
        ),
        migrations.AddConstraint(
            model_name="importedchange",
            constraint=models.UniqueConstraint(fields=("run", "row"), name="import_changes_a_row_once"),
        ),
        # A process of before the upgrade still reads and writes the column, so it stays one release longer.
        migrations.AlterField(
            model_name="importedrow", name="replaced", field=models.JSONField(default=dict, db_default={})
        ),
    ]
