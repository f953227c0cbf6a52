"""A migration killed half way is finished by the next start; of two starts at once one migrates (R22)."""

import os
import random

import pytest

from tests.faults.migrations import (
    applied,
    begin,
    how_many_there_are,
    kill_after,
    schema_of,
    undisturbed_schema,
)

KILLS = 8  # of one migration after the other, in the long run


def test_what_was_killed_half_way_two_starts_at_once_finish_as_if_nobody_had_disturbed_them(
    tmp_path, make_base, db
):
    url = make_base()
    kill_after(begin(tmp_path, url), url, how_many_there_are() // 2)
    assert 0 < len(applied(url)) < how_many_there_are()
    starts = [begin(tmp_path, url), begin(tmp_path, url)]
    said = [start.communicate()[1] for start in starts]
    assert [start.returncode for start in starts] == [0, 0], said
    done = applied(url)
    assert len(done) == len(set(done))
    assert schema_of(url) == undisturbed_schema()


@pytest.mark.slow_faults
def test_what_is_killed_again_and_again_is_finished_by_the_last_start(tmp_path, make_base, db, capsys):
    seed = int(os.environ.get("SEED", "1"))
    points = sorted(random.Random(seed).sample(range(1, how_many_there_are()), KILLS))
    url = make_base()
    for count in points:
        kill_after(begin(tmp_path, url), url, count)
    last = begin(tmp_path, url)
    said = last.communicate()[1]
    with capsys.disabled():
        print(f"\nR22: killed after {points} of {how_many_there_are()} migrations (SEED={seed})")  # noqa: T201
    assert last.returncode == 0, said
    assert schema_of(url) == undisturbed_schema()
