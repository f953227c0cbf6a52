"""The rows of a file as its mapping reads them, and which of them a run has read."""

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from .models import EXTERNAL_ID_LETTERS, ImportedRow
from .refusals import RowRefused

KEEP_FIRST = """
INSERT INTO pg_temp.rows_read
SELECT DISTINCT ON (external_id) *
FROM unnest(%s::text[], %s::integer[], %s::text[]) AS told (external_id, number, digest)
ORDER BY external_id, number ON CONFLICT DO NOTHING
"""
CONTRADICTED = """
SELECT told.number, first.number
FROM unnest(%s::text[], %s::integer[], %s::text[]) AS told (external_id, number, digest)
JOIN pg_temp.rows_read AS first USING (external_id)
WHERE first.digest <> told.digest
"""


@dataclass
class Row:
    """A row: its number in the file, its cells as written and as meant, its record's name there."""

    number: int
    cells: list[str]
    meant: dict[str, str]
    external_id: str
    digest: str
    values: dict | None = None
    known: ImportedRow | None = None


class RowReader:
    """Makes Rows of the cells under `header`. Digests are of what the mapping reads, and of the mapping."""

    def __init__(self, mapping, header):
        self.mapping, self.header = mapping, header
        self.key = hashlib.blake2b(mapping.text.encode(), digest_size=32).digest()

    def row(self, number, cells, replaced):
        """Return the Row of `cells`, counting in `replaced` what is read differently than written.

        Raises RowRefused if it can't be told which record it is.
        """
        if len(cells) != len(self.header):
            reason = _("The row has %(count)s cells, the header has %(columns)s.")
            raise RowRefused(reason % {"count": len(cells), "columns": len(self.header)})
        meant = self.mapping.read(dict(zip(self.header, cells, strict=True)), replaced)
        external_id = self.mapping.external_id.text(meant)
        if not external_id or len(external_id) > EXTERNAL_ID_LETTERS or "\x00" in "".join(cells):
            raise RowRefused(_("Its external id is missing, or can't be kept."))
        read = json.dumps([meant[column] for column in self.mapping.columns]).encode()
        digest = hashlib.blake2b(read, key=self.key, digest_size=16).hexdigest()
        return Row(number, cells, meant, external_id, digest)


class RowsRead:
    """Which row of this run was the first of its record, and what it said.

    A temporary table: memory does not grow with the file, and nobody else's rows are in it.
    """

    @classmethod
    @contextmanager
    def of_run(cls):
        """Keep them while the block runs. After a failure the connection's end clears them away."""
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.rows_read")
            cursor.execute(
                "CREATE TEMPORARY TABLE rows_read"
                " (external_id text PRIMARY KEY, number integer NOT NULL, digest text NOT NULL)"
            )
        yield cls()
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE pg_temp.rows_read")

    def take(self, rows):
        """Remember the Rows `rows`; return {number: number of the first row of the same record} of those
        that say something else than that one.
        """
        told = [[getattr(row, name) for row in rows] for name in ("external_id", "number", "digest")]
        with connection.cursor() as cursor:
            cursor.execute(KEEP_FIRST, told)
            cursor.execute(CONTRADICTED, told)
            return dict(cursor.fetchall())
