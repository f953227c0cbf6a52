"""Prove a backup: restored into a second PostgreSQL, its rows compared, its invariants looked through."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from crm_site import settings
from crm_site.backup import restore
from crm_site.backup.archive import Manifest
from crm_site.cluster import Cluster
from crm_site.problems import Problem, say
from crm_site.problems import gettext_noop as _
from crm_site.socket_path import database_url


@dataclass
class Proof:
    """What came of proving a backup: `sentence` says why it is none, '' for a good one."""

    at: str  # ISO 8601, UTC
    sentence: str
    rows: int
    seconds: float

    @property
    def is_good(self) -> bool:
        return not self.sentence


def command(arguments: list[str]) -> None:
    """`manage.py verify_backup FILE [--fully]`: exit code 0 if it is good. Raises Problem."""
    parser = argparse.ArgumentParser(
        prog="manage.py verify_backup", description="Say whether a backup can be relied on."
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--fully", action="store_true", help="restore it into a second PostgreSQL and check every table there"
    )
    parser.add_argument("--keep", action="store_true", help="with --fully: keep what came of it beside FILE")
    asked = parser.parse_args(arguments)
    if asked.fully and asked.keep:
        prove_and_keep(asked.file)
        return
    manifest = restore.check(asked.file)
    sentence = _("%(file)s is whole: %(rows)s rows, %(files)s files, of %(moment)s.")
    if asked.fully:
        prove(asked.file, manifest)
        sentence = _("%(file)s was restored and is good: %(rows)s rows, %(files)s files, of %(moment)s.")
    say(sentence, file=asked.file, rows=manifest.rows, files=manifest.files, moment=manifest.made_at)


def prove(path: Path, manifest: Manifest) -> None:
    """Restore the backup into a PostgreSQL of its own and look through it there. Raises Problem."""
    for cut_off in path.parent.glob("proof-*"):
        shutil.rmtree(cut_off, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="proof-", dir=path.parent, ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        restore.refuse_small_disk(manifest, scratch)
        cluster = Cluster(scratch, throwaway=True)
        try:
            cluster.start()
            restore.fill(path, manifest, scratch=scratch, url=database_url(scratch))
            _check_base(scratch)
        finally:
            cluster.stop()


def _check_base(scratch: Path) -> None:
    """Bring the restored base up to this code, as a start does, and look for broken rules. Raises Problem."""
    for command in ("migrate", "check_base"):
        ended = subprocess.run(
            [sys.executable, "manage.py", command],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": database_url(scratch), "CRM_SERVES_PAGES": ""},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if ended.returncode != 0:
            raise Problem(
                _("The restored base breaks a rule: %(reason)s"),
                reason=" ".join((ended.stderr or ended.stdout).strip().splitlines()[:2]),
            )


def prove_and_keep(path: Path) -> Proof:
    """Prove the backup at `path`, and keep what came of it beside it."""
    began, rows, sentence = time.monotonic(), 0, ""
    try:
        manifest = restore.check(path)
        rows = manifest.rows
        prove(path, manifest)
    except Problem as problem:
        sentence = str(problem)
    proof = Proof(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        sentence=sentence,
        rows=rows,
        seconds=round(time.monotonic() - began, 1),
    )
    draft = path.with_suffix(".json.new")
    draft.write_text(json.dumps(asdict(proof), ensure_ascii=False))
    draft.replace(path.with_suffix(".json"))
    return proof


def proof_of(path: Path) -> Proof | None:
    """Return what came of proving the backup at `path`, None if nobody did."""
    try:
        return Proof(**json.loads(path.with_suffix(".json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
