"""Make a backup while people work: one snapshot of the base, dumped and counted, and the files."""

import argparse
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from crm_site import settings
from crm_site.backup import archive
from crm_site.backup.archive import Manifest
from crm_site.backup.connection import connect, for_program
from crm_site.backup.snapshot import migrations_of, tables_of
from crm_site.cluster import POSTGRES_BIN_PATH
from crm_site.problems import Problem, first_line, say
from crm_site.problems import gettext_noop as _

BEGINNING = "voronka-"  # of those that a person makes; no rotation touches them


def command(arguments: list[str]) -> None:
    """`manage.py backup [FILE]`: into FILE, or into the data folder's `backups`. Raises Problem."""
    parser = argparse.ArgumentParser(
        prog="manage.py backup", description="Write base and files into one file, while people work."
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    path = parser.parse_args(arguments).file or settings.BACKUP_FOLDER / datetime.now(UTC).strftime(
        name_of(BEGINNING)
    )
    if path.exists():
        raise Problem(_("%(file)s is there already: a backup never overwrites another."), file=path)
    manifest = make(path)
    say(
        _("Backup %(file)s: %(rows)s rows, %(files)s files, %(megabytes)s MB."),
        file=path,
        rows=manifest.rows,
        files=manifest.files,
        megabytes=round(path.stat().st_size / 1_000_000, 1),
    )


def make(path: Path) -> Manifest:
    """Write a backup to `path` and return its manifest. Raises Problem; then nothing is left at `path`."""
    try:
        with archive.writing(path) as tar, connect() as connection:
            # What is counted and what is dumped is one moment of the base.
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            snapshot = _one(connection, "SELECT pg_export_snapshot()")
            manifest = Manifest(
                made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                version=settings.VERSION,
                postgres=connection.info.server_version // 10_000,
                migrations=migrations_of(connection),
                tables=tables_of(connection),
                base_bytes=_one(connection, "SELECT pg_database_size(current_database())"),
            )
            dump = path.with_name(f".{path.name}.dump")
            try:
                _dump(snapshot, dump)
                tar.add(dump, archive.DUMP)
            finally:
                dump.unlink(missing_ok=True)
            # After the base: a file that the base names is there before it is named, and never changes.
            manifest.files = _add_files(tar)
            archive.add_bytes(tar, archive.MANIFEST, manifest.as_bytes())
        return manifest
    except OSError as refusal:
        raise Problem(
            _("The backup cannot be written to %(file)s: %(reason)s."), file=path, reason=refusal.strerror
        ) from refusal
    except psycopg.Error as refusal:
        raise Problem(_("The base cannot be read: %(reason)s."), reason=first_line(refusal)) from refusal


def _dump(snapshot: str, target: Path) -> None:
    """Have pg_dump write the base as `snapshot` sees it. Raises Problem."""
    base, environment = for_program()
    ended = subprocess.run(
        [
            POSTGRES_BIN_PATH / "pg_dump",
            base,
            *("--format=custom", "--no-owner", "--no-privileges", "--no-comments"),
            *(f"--snapshot={snapshot}", f"--file={target}"),
        ],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if ended.returncode != 0:
        raise Problem(_("pg_dump cannot write the base: %(reason)s."), reason=_last_line(ended.stderr))


def _add_files(tar) -> int:
    count = 0
    for path in sorted(settings.FILES_FOLDER.rglob("*")) if settings.FILES_FOLDER.exists() else ():
        if path.is_file():
            tar.add(path, f"{archive.FILES}/{path.relative_to(settings.FILES_FOLDER)}", recursive=False)
            count += 1
    return count


def name_of(beginning: str) -> str:
    """The name of a backup that begins so, as a pattern for its moment (UTC)."""
    return f"{beginning}%Y%m%d-%H%M%S.tar"


def _one(connection, query):
    return connection.execute(query).fetchone()[0]


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["?"])[-1]
