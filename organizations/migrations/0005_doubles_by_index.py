"""Doubles by name and INN are found by an index, however many organizations there are."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import organizations.querysets


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("organizations", "0004_the_bare_name")]

    operations = [
        # WHERE bare_name(name) = bare_name('…') AND archived_at IS NULL
        AddIndexConcurrently(
            "organization",
            models.Index(
                organizations.querysets.BareName("name"),
                name="organization_by_bare_name",
                condition=models.Q(archived_at__isnull=True),
            ),
        ),
        # WHERE inn = '…' AND archived_at IS NULL
        AddIndexConcurrently(
            "organization",
            models.Index(
                name="organization_by_inn",
                fields=["inn"],
                condition=models.Q(archived_at__isnull=True) & ~models.Q(inn=""),
            ),
        ),
    ]
