"""Whether the time of an answer tells who is here, measured (TRUST S12).

That the work is the same is a test of every day: tests/security/test_forgotten_password.py.
"""

import os
import statistics
import time

import pytest
from django.conf.global_settings import PASSWORD_HASHERS
from django.test import Client

from accounts.models import Attempt
from tests.world import PASSWORD

pytestmark = pytest.mark.slow_faults
TRIES = int(os.environ.get("TRIES", "200"))
MOST_SECONDS = 0.020


@pytest.fixture
def people(anna, boris, admin, settings):
    """{who: (e-mail, password)}; hashes are as slow as in real life."""
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    for person in (anna, boris):
        person.set_password(PASSWORD)
        person.save()
    gone = boris.change(can_log_in=False, by=admin)
    return {
        "known": (anna.email, "wrong"),
        "unknown": ("nobody@example.com", "wrong"),
        "gone": (gone.email, PASSWORD),
    }


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
def test_the_medians_for_known_unknown_and_gone_are_the_same(path, people, capsys):
    times: dict[str, list] = {who: [] for who in people}
    for _try in range(TRIES):
        for who, (email, password) in people.items():  # in turn, so that a busy minute touches all
            Attempt.objects.all().delete()
            began = time.perf_counter()
            Client().post(path, {"login": email, "email": email, "password": password})
            times[who].append(time.perf_counter() - began)
    medians = {who: statistics.median(taken) for who, taken in times.items()}
    with capsys.disabled():
        told = ", ".join(f"{who} {median * 1000:.1f} ms" for who, median in medians.items())
        print(f"\n{path}: {told}; {TRIES} tries each")  # noqa: T201
    assert max(medians.values()) - min(medians.values()) < MOST_SECONDS
