"""10,000 new deals while parts of the site are killed every other second (TRUST R1-R3, R6)."""

import pytest

from tests.faults.random_kills import survive
from tests.faults.report import tell

pytestmark = pytest.mark.slow_faults

DEALS = 10_000
MOST_SECONDS = 5400


def test_random_kills_lose_double_tear_and_overwrite_nothing(site, anna, capsys):
    report = survive(site, anna, DEALS, MOST_SECONDS)
    tell(capsys, report)
    assert report.is_clean
