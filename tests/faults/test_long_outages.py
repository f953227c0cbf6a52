"""PostgreSQL stopped for a minute or paused for half of one, everything asleep for a minute (TRUST R4)."""

import pytest

from tests.faults.outages import asleep, paused, stopped, survive
from tests.faults.report import tell

pytestmark = pytest.mark.slow_faults


@pytest.mark.parametrize(("outage", "seconds"), [(stopped, 60), (paused, 30), (asleep, 60)])
def test_the_base_is_away_for_long_and_nobody_hangs_or_loses_anything(site, anna, capsys, outage, seconds):
    report = survive(site, anna, outage, seconds)
    tell(capsys, report)
    assert report.is_clean
