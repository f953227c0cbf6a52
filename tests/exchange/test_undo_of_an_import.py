"""An import undone: what people have touched since is kept and named, all else is as it was before."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tracking import changes_model
from activities.models import Activity
from contacts.models import Contact
from deals.models import Deal
from desk.check.rules import broken_rules
from exchange import engine, undoing
from exchange.locks import nobody_imports
from exchange.models import ImportedRow, ImportRun
from organizations.models import Organization
from records.models import Operation
from records.refusals import AlreadyUndone, Gone, NotAllowed, StillRunning
from tests.exchange.conftest import counts
from tests.exchange.small_files import DEALS, FIRMS, PEOPLE, deal, deals, firms, operation_of
from tests.meanwhile import still_open
from tests.snapshot import LOGS, row_hashes

pytestmark = pytest.mark.django_db

# What remembers the import and its undo: the operation, the run, the change history.
MEMORY = {
    "records_operation", "records_keptrecord", "exchange_importrun", "exchange_rowremark",
    "pghistory_context", "deals_dealchange", "organizations_organizationchange",
}  # fmt: skip


def hashes():
    return row_hashes(LOGS | MEMORY)


def kept(operation):
    return {(each.name, each.reason) for each in operation.kept.all()}


def test_what_only_the_import_has_made_is_gone_and_leaves_a_trace_in_the_history(
    admin, owner, pipeline, bring_in
):
    before = hashes()
    undone = operation_of(bring_in(DEALS, deals(1, 2, 3), by=owner)).undo(by=owner)
    assert (undone.state, undone.undone_by) == ("undone", owner)
    assert undone.undo_counts == {"gone": 3, "kept": 0}
    assert hashes() == before
    traces = changes_model(Deal).objects.filter(pgh_label="delete")
    assert {trace.pgh_context.metadata["undoes"] for trace in traces} == {undone.pk}
    assert not list(broken_rules())


def test_what_people_have_touched_is_kept_and_named(admin, owner, pipeline, bring_in, stages):
    operation = operation_of(bring_in(DEALS, deals(1, 2, 3, 4, 5), by=owner))
    deal("Deal 1").change({"amount": 7}, by=owner)
    deal("Deal 2").move_to(stages[2], by=owner, seen_in=stages[1])
    Activity.objects.note(deal("Deal 3"), "They called.", by=owner)
    assert operation.undo(by=owner).undo_counts == {"gone": 2, "kept": 3}
    assert kept(operation) == {(f"Deal {n}", "changed") for n in (1, 2, 3)}
    assert {each.particulars["who"] for each in operation.kept.all()} == {owner.full_name}
    assert Deal.objects.for_system("test").count() == 3
    assert not list(broken_rules())


def test_what_something_points_at_is_kept(owner, bring_in):
    operation = operation_of(bring_in(FIRMS, firms(("A", ""), ("A1", "A"), ("B", ""), ("B1", "B")), by=owner))
    Contact.objects.make(by=owner, first_name="Ann", organization=Organization.objects.get(name="B1"))
    assert operation.undo(by=owner).undo_counts == {"gone": 2, "kept": 2}
    assert kept(operation) == {("B1", "used"), ("B", "used")}


def test_what_the_import_changed_is_put_back_unless_it_was_changed_since(owner, pipeline, bring_in, stages):
    bring_in(DEALS, deals(1, 2), by=owner)
    before = hashes()
    again = operation_of(bring_in(DEALS, deals(1, 2, 3, amount="200", stage="Invoice sent"), by=owner))
    deal("Deal 2").change({"amount": 7}, by=owner)
    assert again.undo(by=owner).undo_counts == {"gone": 1, "restored": 1, "kept": 1}
    assert (deal("Deal 1").amount, deal("Deal 1").stage) == (100, stages[1])
    assert (deal("Deal 2").amount, deal("Deal 2").stage) == (7, stages[2])
    assert kept(again) == {("Deal 2", "changed")}
    assert hashes().keys() == before.keys()


def test_the_same_file_brings_in_again_what_an_undo_took_away(owner, pipeline, bring_in):
    operation_of(bring_in(DEALS, deals(1, 2), by=owner)).undo(by=owner)
    assert counts(bring_in(DEALS, deals(1, 2), by=owner)) == {"made": 2}


def test_the_same_file_changes_again_what_an_undo_has_put_back(owner, pipeline, bring_in):
    bring_in(DEALS, deals(1), by=owner)
    operation_of(bring_in(DEALS, deals(1, amount="200"), by=owner)).undo(by=owner)
    assert counts(bring_in(DEALS, deals(1, amount="200"), by=owner)) == {"changed": 1}
    assert deal("Deal 1").amount == 200


def test_an_undo_is_for_who_sees_it_and_may_import_and_only_once(
    owner, admin, anna, observer, pipeline, bring_in
):
    operation = operation_of(bring_in(DEALS, deals(1), by=owner))
    for person in (anna, observer):
        with pytest.raises(NotAllowed):
            operation.undo(by=person)
    assert operation.undo(by=admin).undone_by == admin
    with pytest.raises(AlreadyUndone):
        operation.undo(by=owner)


def test_who_may_not_bring_people_in_can_not_undo_that_either(owner, admin, bring_in):
    rows = [{"id": "1", "name": "Ivan Petrov"}]
    operation = operation_of(bring_in(PEOPLE, rows, by=admin))
    assert not operation.may_be_undone_by(owner)
    with pytest.raises(NotAllowed):
        operation.undo(by=owner)
    assert User.objects.filter(last_name="Petrov").exists()
    assert operation.undo(by=admin).undo_counts == {"gone": 1, "kept": 0}


def test_an_undo_deletes_no_record_that_the_person_may_not_even_archive(
    head, owner, vera, pipeline, bring_in
):
    head.role.may_import = True
    head.role.save()
    rows = [*deals(1, owner=head.full_name), *deals(2, owner=vera.full_name)]
    operation = operation_of(bring_in(DEALS + 'owner = { column = "owner", by = "name" }', rows, by=owner))
    Operation.objects.filter(pk=operation.pk).update(by=head)
    assert operation.undo(by=head).undo_counts == {"gone": 1, "kept": 1}
    assert deal("Deal 2").owner == vera
    kept = operation.kept.get()
    assert (kept.reason, kept.why) == ("refused", "the role of Head Headov does not allow it")


@pytest.fixture
def three_runs(owner, pipeline, bring_in):
    """The operations of three files: deals 1 and 2, then other amounts, then a column that only 1 fills."""
    dated = [
        each | {"close": day} for each, day in zip(deals(1, 2, amount="200"), ("2027-01-02", ""), strict=True)
    ]
    return [
        operation_of(bring_in(DEALS, deals(1, 2), by=owner)),
        operation_of(bring_in(DEALS, deals(1, 2, amount="200"), by=owner)),
        operation_of(bring_in(DEALS + 'expected_close_on = "close"', dated, by=owner)),
    ]


def test_an_import_is_undone_though_a_later_one_touched_the_same_records(owner, three_runs):
    _first, second, _third = three_runs
    assert second.undo(by=owner).undo_counts == {"gone": 0, "restored": 2, "kept": 0}
    assert {(deal(f"Deal {n}").amount) for n in (1, 2)} == {100}
    assert deal("Deal 1").expected_close_on


def test_the_import_that_made_what_later_ones_touched_keeps_and_names_it(owner, three_runs):
    first, _second, _third = three_runs
    assert first.undo(by=owner).undo_counts == {"gone": 0, "kept": 2}
    assert kept(first) == {("Deal 1", "changed"), ("Deal 2", "changed")}


def test_what_a_later_import_changed_again_is_kept_and_named(owner, pipeline, bring_in):
    bring_in(DEALS, deals(1), by=owner)
    second = operation_of(bring_in(DEALS, deals(1, amount="200"), by=owner))
    bring_in(DEALS, deals(1, amount="300"), by=owner)
    assert second.undo(by=owner).undo_counts == {"gone": 0, "kept": 1}
    assert (deal("Deal 1").amount, kept(second)) == (300, {("Deal 1", "changed")})


def test_changes_are_put_back_in_batches_from_the_last_row(owner, pipeline, bring_in, monkeypatch):
    monkeypatch.setattr(undoing, "UNDO_ROWS", 2)
    bring_in(DEALS, deals(1, 2, 3), by=owner)
    second = operation_of(bring_in(DEALS, deals(1, 4, 2, 5, 3, amount="200"), by=owner))
    assert second.undo(by=owner).undo_counts == {"gone": 2, "restored": 3, "kept": 0}
    assert {each.amount for each in Deal.objects.for_system("test")} == {100}


def test_stages_are_held_before_the_first_deal_is_locked_and_deals_in_their_order(
    owner, pipeline, bring_in, stages
):
    bring_in(DEALS, deals(1, 2), by=owner)
    bring_in(DEALS, deals(2, stage="Invoice sent"), by=owner)
    # makes one, and changes two that stand in different stages
    again = [*deals(3), *deals(2, stage="Payment"), *deals(1, stage="Invoice sent")]
    operation = operation_of(bring_in(DEALS, again, by=owner))
    first, second, made = (deal(f"Deal {n}").pk for n in (1, 2, 3))
    with CaptureQueriesContext(connection) as captured:
        assert operation.undo(by=owner).undo_counts == {"gone": 1, "restored": 2, "kept": 0}
    statements = [query["sql"] for query in captured]
    locks = [sql for sql in statements if "FOR " in sql and '"deals_deal"' in sql and "SELECT" in sql]
    before = statements[: statements.index(locks[0])]
    held = next(sql for sql in before if "pipeline_stage" in sql and "FOR SHARE" in sql)
    assert all(str(stage.pk) in re.findall(r"\d+", held) for stage in stages[1:4])
    locked = [int(pk) for sql in locks for pk in re.findall(r'"deals_deal"."id" (?:= |IN \()(\d+)', sql)]
    assert list(dict.fromkeys(locked)) == [made, first, second]


def test_what_an_import_has_made_is_found_by_an_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    made = ImportedRow.objects.filter(made_in=1, pk__lt=1000).order_by("-pk")[:10]
    assert "imported_row_made_in" in made.explain()


@pytest.fixture
def cut_off(owner, pipeline, bring_in, monkeypatch):
    """The operation of an import that was killed when one of its two deals was in."""

    def kill(run):
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "BATCH_ROWS", 1)
    with pytest.raises(KeyboardInterrupt):
        bring_in(DEALS, deals(1, 2), by=owner, tell_progress=kill)
    return Operation.objects.get()


def test_an_import_that_was_cut_off_is_undone_and_its_file_goes_in_anew(owner, cut_off, bring_in):
    assert (cut_off.state, cut_off.may_be_undone_by(owner)) == ("running", True)
    assert cut_off.undo(by=owner).undo_counts == {"gone": 1, "kept": 0}
    assert ImportRun.objects.get().status == "given_up"
    assert counts(bring_in(DEALS, deals(1, 2), by=owner)) == {"made": 2}


def test_what_still_runs_is_not_undone(owner, cut_off):
    def import_elsewhere():
        assert nobody_imports("old")  # holds its lock until the end of the transaction

    with still_open(import_elsewhere), pytest.raises(StillRunning):
        cut_off.undo(by=owner)
    assert deal("Deal 1")


def test_an_undo_that_was_cut_off_goes_on_where_it_was(owner, pipeline, bring_in, monkeypatch):
    monkeypatch.setattr(undoing, "UNDO_ROWS", 2)
    operation = operation_of(bring_in(DEALS, deals(*range(5)), by=owner))
    deal("Deal 4").change({"amount": 7}, by=owner)
    Operation.objects.filter(pk=operation.pk).update(state="undoing", undone_by=owner)
    operation._undo_some()  # and here it was killed
    assert Deal.objects.for_system("test").count() == 4
    again = Operation.objects.get(pk=operation.pk).finish_undo()
    assert (again.state, again.undo_counts) == ("undone", {"gone": 4, "kept": 1})
    assert kept(operation) == {("Deal 4", "changed")}
    assert again.finish_undo().undo_counts == again.undo_counts


def test_whoever_still_looks_at_a_deal_that_is_gone_is_told_so(owner, pipeline, bring_in):
    operation = operation_of(bring_in(DEALS, deals(1), by=owner))
    seen = deal("Deal 1")
    operation.undo(by=owner)
    with pytest.raises(Gone):
        seen.change({"amount": 7}, by=owner)


def test_a_run_that_was_given_up_can_be_undone_too(owner, pipeline, bring_in):
    bringing = bring_in(DEALS, deals(1, 2), by=owner)
    Operation.objects.filter(pk=bringing.import_run.operation_id).update(state="running")
    ImportRun.objects.filter(pk=bringing.import_run.pk).update(status="running", finished_at=None)
    bring_in(DEALS, deals(3), by=owner)  # another file of the same source
    assert operation_of(bringing).undo(by=owner).undo_counts == {"gone": 2, "kept": 0}
    assert ImportedRow.objects.count() == 1
