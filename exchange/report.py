"""What a run leaves to read: a file of the refused rows, one of what was kept, and its sentences."""

import csv
import os

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import RowRemark


def write_files(run, header):
    """Write the rows of `run` that were refused, or kept as people have them; return {kind: path}.

    CSV as spreadsheets open it (UTF-8 with its mark): row number, reason, the original columns; it
    can be mended and brought in again. Only the data folder's owner may read it.
    """
    folder = settings.CRM_DATA_DIR / "imports"
    written = {}
    for kind in (RowRemark.Kind.REFUSED, RowRemark.Kind.KEPT):
        remarks = run.remarks.filter(kind=kind).order_by("number", "id")
        if not remarks.exists():
            continue
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = written[kind] = folder / f"{run.pk}-{kind}.csv"
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(opened, "w", encoding="utf-8-sig", newline="") as file:
            lines = csv.writer(file)
            lines.writerow([_("row"), _("reason"), *header])
            for remark in remarks.iterator(chunk_size=1000):
                lines.writerow([remark.number, remark.text, *remark.cells])
    return written


def sentences(run, files):
    """Say in a few lines what `run` has done."""
    counts = run.counts
    rows = ngettext("%(count)s row read", "%(count)s rows read", sum(counts.values()))
    yield _(
        "%(file)s, %(mapping)s: %(rows)s – %(made)s made, %(changed)s changed,"
        " %(same)s the same, %(refused)s refused."
    ) % {
        "file": run.file_name,
        "mapping": run.mapping_name,
        "rows": rows % {"count": sum(counts.values())},
        **counts,
    }
    if counts["kept"]:
        yield ngettext(
            "%(count)s row differs only where people have changed the record since: theirs was kept.",
            "%(count)s rows differ only where people have changed the records since: theirs was kept.",
            counts["kept"],
        ) % {"count": counts["kept"]}
    for reading, count in sorted(run.report.get("replaced", {}).items()):
        yield _("Read differently than written, %(reading)s: %(count)s.") % {
            "reading": reading,
            "count": count,
        }
    for kind, path in files.items():
        text = _("Refused rows with their reasons: %(path)s")
        if kind == RowRemark.Kind.KEPT:
            text = _("What people have changed since, and was kept: %(path)s")
        yield text % {"path": path}
