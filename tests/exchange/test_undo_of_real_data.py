"""8,800 deals imported, 20 edited and 3 moved by people, the import undone (line c of the issue)."""

import contextlib

import pytest
from django.db import connection, transaction

from deals.models import Deal
from desk.check.rules import broken_rules
from desk.demo.b2b import FOLDER
from exchange.sets import ImportSet
from records.models import Operation
from records.tasks import finish_undo
from tests.snapshot import LOGS, row_hashes

# each batch is a transaction of its own, as it is in life
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

IMPORTED, EDITED, MOVED = 8800, 20, 3
# What remembers the import and its undo: the operation, the run, the change history, the job.
MEMORY = {
    "records_operation", "records_keptrecord", "exchange_importrun", "exchange_rowremark",
    "pghistory_context", "deals_dealchange", "procrastinate_jobs", "procrastinate_events",
}  # fmt: skip
# What belongs to a deal: table → the column with its number.
OF_DEALS = {
    "records_event": "deal_id",
    "deals_stagehistory": "deal_id",
    "exchange_importedrow": "target = 'deal' AND object_id",
    "deals_deal": "id",
}


def all_deals():
    return Deal.objects.for_system("test")


def bring_in(import_set, *, by, only_deals):
    """Bring in the files of the set that are deals, or the other ones."""
    files = import_set.told["files"]
    of_deals = [step for step in files if "deals" in step["mappings"][0]]
    chosen = of_deals if only_deals else [step for step in files if step not in of_deals]
    import_set.told["files"] = chosen
    done = [bringing.import_run for bringing in import_set.bring_in(by=by)]
    import_set.told["files"] = files
    return done


def told_of(deals):
    """Return what the base holds of `deals`, row by row."""
    rows = {}
    with connection.cursor() as cursor:
        for table, column in OF_DEALS.items():
            cursor.execute(
                f"SELECT each::text FROM {table} each WHERE {column} = ANY(%s) ORDER BY 1",  # noqa: S608
                [deals],
            )
            rows[table] = cursor.fetchall()
    return rows


@contextlib.contextmanager
def without(deals):
    """Let the base be without `deals` while the block looks at it."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, column in OF_DEALS.items():
            cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [deals])  # noqa: S608
        yield
        transaction.set_rollback(True)


def people_work_on(deals, *, by):
    """Edit 20 of `deals`, and move 3 others."""
    for deal in deals[:EDITED]:
        deal.change({"title": f"{deal.title} (called)"}, by=by)
    for deal in deals[EDITED:]:
        engaging = deal.stage.pipeline.stages.get(name="Engaging")
        deal.move_to(engaging, by=by, seen_in=deal.stage)


def test_what_the_import_has_made_is_gone_and_the_work_of_people_is_kept_and_named(admin, owner):
    import_set = ImportSet("b2b.toml", FOLDER)
    import_set.prepare()
    bring_in(import_set, by=admin, only_deals=False)
    before = row_hashes(LOGS | MEMORY)
    [run] = bring_in(import_set, by=admin, only_deals=True)
    assert all_deals().count() == IMPORTED
    prospects = all_deals().filter(stage__name="Prospecting").order_by("pk")
    worked_on = list(prospects.select_related("stage__pipeline", "owner")[: EDITED + MOVED])
    people_work_on(worked_on, by=admin)
    kept = [deal.pk for deal in worked_on]
    as_people_left_it = told_of(kept)

    assert Operation.objects.get(pk=run.operation_id).undo(by=admin).state == "undoing"
    finish_undo(run.operation_id)  # the job of it

    undone = Operation.objects.get(pk=run.operation_id)

    assert undone.state == "undone"
    assert undone.undo_counts == {"gone": IMPORTED - EDITED - MOVED, "kept": EDITED + MOVED}
    assert undone.undo_counts["gone"] == 8777
    assert set(all_deals().values_list("pk", flat=True)) == set(kept)
    named = undone.kept.order_by("object_id").values_list("object_id", "name", "reason")
    assert [(pk, name) for pk, name, _reason in named] == [
        (deal.pk, deal.title) for deal in all_deals().order_by("pk")
    ]
    assert {reason for _pk, _name, reason in named} == {"changed"}
    assert told_of(kept) == as_people_left_it
    with without(kept):
        assert row_hashes(LOGS | MEMORY) == before
    assert not list(broken_rules())
