"""Runs and imported rows: how they are found again."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from accounts.rights import Right


class ImportRunQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Runs are for those who may import."""
        return self if user.is_authenticated and user.has_right(Right.IMPORT) else self.none()

    def of(self, file, mapping):
        """Keep the runs of the very same file through the very same mapping."""
        return self.filter(
            source=mapping.source,
            target=mapping.target,
            file_sha256=file.sha256,
            mapping_text=mapping.text,
        )


class ImportedRowQuerySet(models.QuerySet):
    def named(self, source, target, external_ids):
        """Return {external id: row} of those ids that `source` has brought in as `target`."""
        found: Iterable[Any] = self.filter(source=source, target=target, external_id__in=list(external_ids))
        return {row.external_id: row for row in found}
