"""What an import of before the upgrade changed is still put back by its undo."""

import importlib

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from exchange.models import ImportedChange
from tests.exchange.small_files import DEALS, deal, deals, operation_of

pytestmark = pytest.mark.django_db


def test_what_the_row_remembered_becomes_a_change_of_its_run_once(owner, pipeline, bring_in):
    bring_in(DEALS, deals(1), by=owner)
    operation = operation_of(bring_in(DEALS, deals(1, amount="200"), by=owner))
    ImportedChange.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("""UPDATE exchange_importedrow SET replaced = '{"amount": "100.00"}'""")
    before = MigrationLoader(connection).project_state([("exchange", "0003_what_each_import_changed")]).apps
    migration = importlib.import_module("exchange.migrations.0004_what_the_last_imports_changed")
    for _twice in range(2):
        migration.fill(before, None)
    assert ImportedChange.objects.get().replaced == {"amount": "100.00"}
    assert operation.undo(by=owner).undo_counts == {"gone": 0, "restored": 1, "kept": 0}
    assert deal("Deal 1").amount == 100
