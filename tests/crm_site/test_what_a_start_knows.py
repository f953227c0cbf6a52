"""What every process of the site knows from its start, whatever was imported on the way."""

import subprocess
import sys

from django.conf import settings

ASKED = """
import django
django.setup()
from records.operations import OperationKind
print(*sorted(OperationKind.kinds))
"""


def test_each_process_knows_every_kind_of_operation():
    """The page of operations says of each what it did; the web has no reason to load an import."""
    ended = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    known = {"file_imported", "records_archived", "records_assigned", "records_moved"}
    assert known <= set(ended.stdout.split())
