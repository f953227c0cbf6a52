"""Bring a backup back, into a folder without a base: everything is looked at before anything is touched."""

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

from crm_site import settings
from crm_site.backup import archive
from crm_site.backup.archive import Manifest
from crm_site.backup.connection import connect, for_program
from crm_site.backup.snapshot import differences, tables_of
from crm_site.cluster import POSTGRES_BIN_PATH, Cluster, embedded_major
from crm_site.locks import FolderLock
from crm_site.problems import Problem, database_is_away, say
from crm_site.problems import gettext_noop as _

ROOM_FOR_WORK = 1.2  # times the size of the base: its dump lies beside it for a while


def command(arguments: list[str]) -> None:
    """`manage.py restore FILE`: into CRM_DATA_DIR, or into the empty base of DATABASE_URL. Raises Problem."""
    parser = argparse.ArgumentParser(
        prog="manage.py restore", description="Bring a backup back, into a data folder without a base."
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    path = parser.parse_args(arguments).file
    manifest = check(path)
    if os.environ.get("DATABASE_URL"):
        _into_own_server(path, manifest)
    else:
        into_folder(path, manifest, settings.CRM_DATA_DIR)
    say(
        _(
            "The backup of %(moment)s is back in %(folder)s: start Voronka, and log in as before."
            " Second factors can only be read with the secret.key of the old folder: copy it there first,"
            " or take them away with `manage.py take_second_factor EMAIL`."
        ),
        moment=manifest.made_at,
        folder=settings.CRM_DATA_DIR,
    )


def check(path: Path) -> Manifest:
    """Return the manifest of the backup at `path`, if it is whole and this code takes it. Raises Problem."""
    archive.check_seal(path)
    manifest = archive.read_manifest(path)
    unknown = sorted(set(manifest.migrations) - known_migrations())
    if unknown:
        raise Problem(
            _(
                "This backup is of a newer Voronka (%(version)s; %(migration)s is not known here):"
                " restore it with that version."
            ),
            version=manifest.version,
            migration=unknown[0],
        )
    return manifest


def known_migrations() -> set[str]:
    """The names `room.name` of all migrations that this code knows."""
    import django
    from django.db.migrations.loader import MigrationLoader

    django.setup()
    loader = MigrationLoader(None)
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    return {".".join(key) for key in loader.disk_migrations.keys() | replaced}


def into_folder(path: Path, manifest: Manifest, folder: Path) -> None:
    """Restore into the data folder `folder`, which must have no base yet. Raises Problem.

    What a refused or cut-off restore has made there is taken away again, at the latest by the next one.
    """
    _refuse_other_major(manifest, embedded_major())
    lock = FolderLock(folder)
    lock.take()
    try:
        unfinished = folder / "restore.unfinished"
        if unfinished.exists():
            _clear(folder)
        if (folder / "postgres").exists() or any((folder / archive.FILES).glob("*")):
            raise Problem(
                _("%(folder)s has a base already: choose an empty folder with CRM_DATA_DIR."), folder=folder
            )
        refuse_small_disk(manifest, folder)
        unfinished.touch()
        cluster = Cluster(folder)
        try:
            cluster.start()
            fill(path, manifest, scratch=folder)
            with archive.opened(path) as tar:
                archive.take_out(tar, folder)
        except BaseException:
            cluster.stop()
            _clear(folder)
            raise
        cluster.stop()
        unfinished.unlink()
    finally:
        lock.release()


def _into_own_server(path: Path, manifest: Manifest) -> None:
    """Restore into the base of DATABASE_URL, which must be empty; a refused one leaves it empty."""
    try:
        with connect() as connection:
            _refuse_other_major(manifest, connection.info.server_version // 10_000)
            if tables_of(connection):
                raise Problem(_("The base of DATABASE_URL is not empty: make a new one for the restore."))
    except psycopg.Error as refusal:
        raise database_is_away(refusal) from refusal
    fill(path, manifest, scratch=settings.CRM_DATA_DIR)
    with archive.opened(path) as tar:
        archive.take_out(tar, settings.CRM_DATA_DIR)


def fill(path: Path, manifest: Manifest, *, scratch: Path, url: str = "") -> None:
    """Fill the empty base at `url` ('' is the site's) from the backup, and compare every table.

    Raises Problem; one transaction, so that the base is then as empty as before.
    """
    base, environment = for_program(url)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=scratch) as folder:
        dump = Path(folder) / archive.DUMP
        with archive.opened(path) as tar:
            archive.copy_dump(tar, dump)
        ended = subprocess.run(
            [
                POSTGRES_BIN_PATH / "pg_restore",
                base,
                *("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", dump),
            ],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
    if ended.returncode != 0:
        raise Problem(
            _("PostgreSQL cannot take the backup in: %(reason)s."),
            reason=(ended.stderr.strip().splitlines() or ["?"])[0],
        )
    with connect(url) as connection, connection.transaction():
        other = differences(manifest.tables, tables_of(connection))
    if other:
        raise Problem(
            _("After the restore these tables hold other rows than the backup says: %(tables)s."),
            tables=", ".join(other),
        )


def _refuse_other_major(manifest: Manifest, major: int) -> None:
    if manifest.postgres != major:
        raise Problem(
            _("The backup is of PostgreSQL %(theirs)s, this server is %(ours)s: they must be the same."),
            theirs=manifest.postgres,
            ours=major,
        )


def refuse_small_disk(manifest: Manifest, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < manifest.base_bytes * ROOM_FOR_WORK:
        raise Problem(
            _("%(folder)s has %(free)s MB left, the base needs %(needed)s MB."),
            folder=folder,
            free=free // 1_000_000,
            needed=int(manifest.base_bytes * ROOM_FOR_WORK) // 1_000_000,
        )


def _clear(folder: Path) -> None:
    """Take away what a cut-off restore has made; files that were there before are not touched."""
    for name in ("postgres", archive.FILES):
        place = folder / name
        shutil.rmtree(place.resolve(), ignore_errors=True)
        if place.is_symlink():  # a root without namespaces has its base elsewhere (plain_user)
            place.unlink()
    (folder / "restore.unfinished").unlink(missing_ok=True)
