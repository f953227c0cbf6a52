"""What the last run that wrote to a row replaced becomes a change of that run."""

from django.db import migrations, transaction

BATCH_ROWS = 10_000


def fill(apps, schema_editor):
    """A batch a transaction; safe to run again."""
    rows, changes = apps.get_model("exchange", "ImportedRow"), apps.get_model("exchange", "ImportedChange")
    done, last = 0, rows.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    while done < last:
        some = rows.objects.filter(pk__gt=done, pk__lte=done + BATCH_ROWS).exclude(replaced={})
        with transaction.atomic():
            changes.objects.bulk_create(
                [changes(run_id=row.run_id, row=row, replaced=row.replaced) for row in some],
                ignore_conflicts=True,
            )
        done += BATCH_ROWS


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("exchange", "0003_what_each_import_changed")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="importedrow", name="replaced")]
        ),
    ]
