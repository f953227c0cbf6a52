"""What the project's history keeps is the project and nothing else."""

import subprocess

import pytest
from django.conf import settings

LINK_MODE = "120000"


def git(*arguments):
    asked = ["git", "-C", settings.BASE_DIR, *arguments]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.skipif(not (settings.BASE_DIR / ".git").exists(), reason="not a clone")
def test_nothing_that_is_ignored_and_no_link_is_kept():
    assert git("ls-files", "--cached", "--ignored", "--exclude-standard") == []
    assert [line for line in git("ls-files", "--stage") if line.startswith(LINK_MODE)] == []
