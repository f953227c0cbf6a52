"""The backup of each night: when it is due, its rotation, its proof, and what came of it."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

from crm_site import settings
from crm_site.backup.make import make, name_of
from crm_site.problems import Problem

BEGINNING = "nightly-"
DUE_HOUR = 2  # at the company; a computer that is off at night makes it at its first hour of the day
KEPT_DAYS, KEPT_WEEKS, KEPT_MONTHS = 7, 4, 6


@dataclass(frozen=True)
class Refused:
    """The last nightly backup that could not be made: when, and why, in words."""

    at: str  # ISO 8601, UTC
    sentence: str


def all_of_them() -> list[Path]:
    """The nightly backups that are there, newest first."""
    return sorted(settings.BACKUP_FOLDER.glob(f"{BEGINNING}*.tar"), reverse=True)


def moment_of(path: Path) -> datetime:
    """The moment at which the nightly backup `path` was begun, which is its name."""
    return datetime.strptime(path.name, name_of(BEGINNING)).replace(tzinfo=UTC)


def is_due(now: datetime, zone: tzinfo) -> bool:
    """Say whether the backup of the night before `now` is missing, at a company in `zone`.

    One that somebody asked for earlier in that night is none: the night's work may be between them.
    """
    here = now.astimezone(zone)
    due_at = here.replace(hour=DUE_HOUR, minute=0, second=0, microsecond=0)
    newest = next(iter(all_of_them()), None)
    has_one = newest is not None and moment_of(newest).astimezone(zone) >= due_at
    return here >= due_at and not has_one


def run(today: date, zone: tzinfo) -> Path:
    """Make the night's backup, prove it, rotate the older ones; return it.

    Raises Problem if it cannot be made; what that was is kept for the administrator (`refused`).
    """
    path = settings.BACKUP_FOLDER / datetime.now(UTC).strftime(name_of(BEGINNING))
    try:
        make(path)
    except Problem as problem:
        told = Refused(datetime.now(UTC).isoformat(timespec="seconds"), str(problem))
        settings.BACKUP_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refusal().write_text(json.dumps(asdict(told), ensure_ascii=False))
        raise
    _refusal().unlink(missing_ok=True)
    _prove(path)
    for old in to_drop(all_of_them(), today, zone):
        old.with_suffix(".json").unlink(missing_ok=True)  # its proof
        old.unlink()
    return path


def _prove(path: Path) -> None:
    """In a process of its own: a second PostgreSQL is bound to the thread that starts it (children.spawn)."""
    subprocess.run(
        [sys.executable, "manage.py", "verify_backup", "--fully", "--keep", path],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        check=False,  # what came of it lies beside the backup
    )


def refused() -> Refused | None:
    """Return why the last nightly backup could not be made, None if it could."""
    try:
        return Refused(**json.loads(_refusal().read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _refusal() -> Path:
    return settings.BACKUP_FOLDER / "refused.json"


def to_drop(backups: list[Path], today: date, zone: tzinfo) -> list[Path]:
    """Return those of `backups` (newest first) that are kept neither for their day, week nor month.

    Kept are all of the last seven days, and the newest of each of four weeks and of six months.
    """
    days = {path: moment_of(path).astimezone(zone).date() for path in backups}
    kept = {path for path, day in days.items() if (today - day).days < KEPT_DAYS}
    for many, period in ((KEPT_WEEKS, _week), (KEPT_MONTHS, _month)):
        newest: dict[tuple[int, int], Path] = {}
        for path, day in days.items():
            newest.setdefault(period(day), path)
        kept |= set(list(newest.values())[:many])
    return [path for path in backups if path not in kept]


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
