"""Bringing a small file in."""

import csv

import pytest

from exchange.engine import Import
from exchange.mapping import parse


@pytest.fixture
def data_folder(tmp_path, settings):
    """A data folder of this test's own, where the files of refused rows go."""
    settings.CRM_DATA_DIR = tmp_path / "data"
    return settings.CRM_DATA_DIR


@pytest.fixture
def bring_in(tmp_path, data_folder):
    """Return a function that brings rows (dicts) in through a mapping's text; it returns the Import."""

    def bring(mapping, rows, *, by, dry=False, **how):
        path = tmp_path / "file.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            lines = csv.DictWriter(file, rows[0].keys())
            lines.writeheader()
            lines.writerows(rows)
        bringing = Import(path, parse(mapping, name="test.toml"), by=by, dry=dry)
        bringing.run(**how)
        return bringing

    return bring


def counts(bringing):
    """Return the counts of an import that are not 0."""
    return {name: count for name, count in bringing.import_run.counts.items() if count}
