"""The file of a backup: sealed against any change, written whole or not at all; which of them are kept."""

import random
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_site import settings
from crm_site.backup import archive, nightly
from crm_site.backup.archive import Manifest
from crm_site.backup.make import name_of
from crm_site.problems import Problem

MOSCOW = ZoneInfo("Europe/Moscow")


def manifest(**said):
    usual = Manifest("2026-11-26T03:00:00+00:00", "0.1.0", 18, migrations=["deals.0001_initial"], tables={})
    return replace(usual, **said)


@pytest.fixture
def backup(tmp_path):
    path = tmp_path / "one.tar"
    with archive.writing(path) as tar:
        archive.add_bytes(tar, archive.DUMP, b"a dump" * 1000)
        archive.add_bytes(tar, f"{archive.FILES}/ab/cd", b"a file")
        archive.add_bytes(tar, archive.MANIFEST, manifest(files=1).as_bytes())
    return path


def test_a_whole_backup_is_read_as_it_was_written(backup, tmp_path):
    archive.check_seal(backup)
    assert archive.read_manifest(backup) == manifest(files=1)
    with archive.opened(backup) as tar:
        archive.copy_dump(tar, tmp_path / "dump")
        assert archive.take_out(tar, tmp_path) == 1
    assert (tmp_path / "dump").read_bytes() == b"a dump" * 1000
    assert (tmp_path / "files/ab/cd").read_bytes() == b"a file"


def test_one_changed_byte_anywhere_is_found(backup):
    """Also between the members, where tar itself would not look (R20)."""
    whole = bytearray(backup.read_bytes())
    places = random.Random(1).sample(range(len(whole)), 200)
    for place in [*places, 0, len(whole) - 1, len(whole) - archive.SEAL_BYTES]:
        changed = whole.copy()
        changed[place] ^= 1
        backup.write_bytes(changed)
        with pytest.raises(Problem):
            archive.check_seal(backup)


@pytest.mark.parametrize("length", [0, 10, 72, 4000, -1])
def test_a_cut_off_backup_is_none(backup, length):
    backup.write_bytes(backup.read_bytes()[:length])
    with pytest.raises(Problem):
        archive.check_seal(backup)


def test_what_could_not_be_written_to_its_end_leaves_nothing(tmp_path):
    def write():
        with archive.writing(tmp_path / "two.tar") as tar:
            archive.add_bytes(tar, archive.DUMP, b"half")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write()
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_program_is_said_to_be_none(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear customer, " * 20)
    with pytest.raises(Problem, match="no backup of Voronka"):
        archive.check_seal(path)


def test_a_newer_format_names_the_version_that_reads_it():
    with pytest.raises(Problem, match=r"newer Voronka \(9\.0\)"):
        Manifest.from_bytes(b'{"format": 2, "version": "9.0"}')


def test_a_path_out_of_the_folder_is_not_followed(tmp_path):
    path = tmp_path / "evil.tar"
    with archive.writing(path) as tar:
        archive.add_bytes(tar, f"{archive.FILES}/../../outside", b"")
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    with pytest.raises(Problem), archive.opened(path) as tar:
        archive.take_out(tar, folder)
    assert not (tmp_path / "outside").exists()


# The nightly ones


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "BACKUP_FOLDER", tmp_path)
    return tmp_path


def made_at(folder, moment):
    path = folder / moment.strftime(name_of(nightly.BEGINNING))
    path.touch()
    return path


def test_a_backup_is_due_from_two_o_clock_of_the_company_on_and_once_a_day(folder):
    night = datetime(2026, 11, 25, 22, 59, tzinfo=UTC)  # 1:59 in Moscow
    assert not nightly.is_due(night, MOSCOW)
    made_at(folder, night - timedelta(minutes=30))  # asked for by somebody who works late
    assert nightly.is_due(night + timedelta(minutes=1), MOSCOW)
    made_at(folder, night + timedelta(minutes=18))
    assert not nightly.is_due(night + timedelta(hours=20), MOSCOW)
    assert nightly.is_due(night + timedelta(days=1, minutes=18), MOSCOW)


def test_a_computer_that_was_off_at_night_makes_it_in_the_morning(folder):
    made_at(folder, datetime(2026, 11, 24, 23, 17, tzinfo=UTC))
    assert nightly.is_due(datetime(2026, 11, 26, 6, 17, tzinfo=UTC), MOSCOW)


def test_seven_days_four_weeks_and_six_months_are_kept(folder):
    today = date(2026, 11, 26)
    for days in range(400):
        made_at(folder, datetime(2026, 11, 26, 3, tzinfo=UTC) - timedelta(days=days))
    for path in nightly.to_drop(nightly.all_of_them(), today, MOSCOW):
        path.unlink()
    kept = [nightly.moment_of(path).date() for path in nightly.all_of_them()]
    assert kept[:7] == [today - timedelta(days=days) for days in range(7)]
    assert kept[7:] == [date(2026, 11, 15), date(2026, 11, 8), date(2026, 10, 31), date(2026, 9, 30),
                        date(2026, 8, 31), date(2026, 7, 31), date(2026, 6, 30)]  # fmt: skip


def test_the_newest_backups_are_kept_however_long_ago_they_were_made(folder):
    for days in range(3):
        made_at(folder, datetime(2020, 1, 1, 3, tzinfo=UTC) + timedelta(days=days))
    assert len(nightly.to_drop(nightly.all_of_them(), date(2026, 11, 26), MOSCOW)) == 2


def test_a_refused_backup_is_told_until_one_is_made(folder, monkeypatch):
    def refuse(path):
        raise Problem("The disk is full.")

    monkeypatch.setattr(nightly, "make", refuse)
    with pytest.raises(Problem):
        nightly.run(date(2026, 11, 26), MOSCOW)
    assert getattr(nightly.refused(), "sentence", "") == "The disk is full."
    monkeypatch.setattr(nightly, "make", lambda path: path.touch())
    monkeypatch.setattr(nightly, "_prove", lambda path: None)
    nightly.run(date(2026, 11, 26), MOSCOW)
    assert nightly.refused() is None
    shutil.rmtree(folder)
    assert nightly.refused() is None
