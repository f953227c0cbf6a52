"""PostgreSQL stopped or paused: no request hangs, nothing is lost, it goes on by itself (TRUST R4)."""

import pytest

from tests.faults.outages import paused, stopped, survive
from tests.faults.report import tell


@pytest.mark.parametrize(("outage", "seconds"), [(stopped, 6), (paused, 12)])
def test_the_base_is_away_and_nobody_hangs_or_loses_anything(site, anna, capsys, outage, seconds):
    report = survive(site, anna, outage, seconds)
    tell(capsys, report)
    assert report.is_clean
