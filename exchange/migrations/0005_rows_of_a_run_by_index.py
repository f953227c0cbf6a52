"""An undo finds what its import has made without looking through the rows of all imports."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("exchange", "0004_what_the_last_imports_changed")]

    operations = [
        AddIndexConcurrently(
            "importedrow", models.Index(name="imported_row_made_in", fields=["made_in", "id"])
        ),
    ]
