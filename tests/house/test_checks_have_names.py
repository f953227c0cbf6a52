"""Each check of trust that the product is held to is named by its id in the test that makes it."""

import re

import pytest
from django.conf import settings

# S: security, R: faults, U: experience of users. An id that falls out of use leaves this list too.
IDS = (
    "S1 S2 S3 S4 S5 S6 S8 S9 S10 S11 S12 S13 S14 S15 S16 S17 S19 S31 S32 S33 S34 S35 S36 S37 S38 "
    "S39 S40 S41 S42 "
    "R1 R2 R3 R4 R5 R6 R7 R9 R20 R22 R25 R26 U7 U8 U11 U12 U15 U17 U18 U19 U20 U33"
).split()
TESTS = [
    path
    for path in (settings.BASE_DIR / "tests").rglob("test_*.py")
    if path.name != "test_checks_have_names.py"
]


@pytest.fixture(scope="module")
def texts():
    return "\n".join(path.read_text() for path in TESTS)


@pytest.mark.parametrize("name", IDS)
def test_a_test_names_the_check_that_it_makes(name, texts):
    assert re.search(rf"\b{name}\b", texts)
