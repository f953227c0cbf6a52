"""A stage goes while deals are in it or on their way: refused or merged, never an orphan (TRUST R7)."""

import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from deals.models import Deal, StageHistory
from pipeline.models import Pipeline, Stage
from pipeline.refusals import OrderIsBroken, OtherPipeline, PipelineInUse, StageInUse, StageRetired


def sums(pipeline):
    """The sum and count of the pipeline's columns, from the totals and from the bare table."""
    deals = Deal.objects.for_system("a test counts all").of_pipeline(pipeline).open()
    per_stage = deals.per_stage().values()
    return (
        sum(row["count"] for row in per_stage),
        sum(row["amount"] or Decimal(0) for row in per_stage),
        deals.count(),
        deals.aggregate(Sum("amount"))["amount__sum"],
    )


def in_thread(work):
    """Run `work` on a connection of its own; return the thread and what it raised."""
    raised = []

    def run():
        try:
            work()
        except Exception as problem:  # noqa: BLE001 (the test looks at it)
            raised.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


@pytest.fixture
def negotiated(anna, deal, lead, negotiation):
    """Five deals in negotiation, one of them in the archive."""
    deal.move_to(negotiation, by=anna, seen_in=lead)
    made = [Deal.objects.make(by=anna, stage=negotiation, title=str(n), amount=100 * n) for n in range(3)]
    archived = Deal.objects.make(by=anna, stage=negotiation, title="old", amount=7)
    archived.archive(by=anna)
    return [deal, *made, archived]


def test_a_stage_in_use_is_not_retired_and_says_how_many_hold_it(admin, negotiated, negotiation):
    with pytest.raises(StageInUse) as refused:
        negotiation.retire(by=admin)
    assert refused.value.count == 5
    negotiation.refresh_from_db()
    assert not negotiation.is_retired


def test_merged_deals_stand_in_the_target_and_their_past_where_it_was(admin, pipeline, negotiated, stages):
    negotiation, invoice = stages[1], stages[2]
    before = sums(pipeline)
    negotiation.merge_into(invoice, by=admin)
    assert sums(pipeline) == before
    assert Deal.objects.for_system("test").filter(stage=negotiation).count() == 0
    assert Deal.objects.for_system("test").filter(stage=invoice).count() == 5
    assert StageHistory.objects.filter(stage=negotiation, left_at__isnull=False).count() >= 5
    archived = negotiated[-1]
    archived.refresh_from_db()
    assert archived.is_archived
    negotiation.refresh_from_db()
    assert negotiation.merged_into == invoice


@pytest.mark.parametrize("place", [0, 5, 6])
def test_the_stages_a_pipeline_needs_neither_go_nor_merge(admin, stages, place):
    for refused in (
        lambda: stages[place].retire(by=admin),
        lambda: stages[place].merge_into(stages[1], by=admin),
    ):
        with pytest.raises(StageInUse) as problem:
            refused()
        assert problem.value.count == 0


def test_a_stage_is_merged_into_an_open_stage_of_its_pipeline_only(admin, stages):
    other = Pipeline.objects.make_ready("services", language="en", currency="RUB").stages.in_order()[1]
    with pytest.raises(OtherPipeline):
        stages[1].merge_into(other, by=admin)
    with pytest.raises(StageRetired):
        stages[1].merge_into(stages[5], by=admin)
    with pytest.raises(StageRetired):
        stages[1].merge_into(stages[2].retire(by=admin), by=admin)


@pytest.mark.django_db(transaction=True)
def test_a_deal_that_moves_in_first_is_taken_along_by_the_merge(admin, anna, deal, pipeline, stages):
    lead, negotiation, invoice = stages[:3]
    before = sums(pipeline)
    moved = threading.Event()
    merging = threading.Event()

    def move():
        with transaction.atomic():
            deal.move_to(negotiation, by=anna, seen_in=lead)
            moved.set()
            merging.wait(0.5)

    thread, raised = in_thread(move)
    assert moved.wait(5)
    merging.set()
    negotiation.merge_into(invoice, by=admin)  # waits for the mover, who holds the stage
    thread.join()
    assert raised == []
    deal.refresh_from_db()
    assert deal.stage == invoice
    assert sums(pipeline) == before


@pytest.mark.django_db(transaction=True)
def test_who_moves_into_a_stage_that_is_being_retired_is_refused(admin, anna, deal, pipeline, stages):
    lead, negotiation = stages[:2]
    before = sums(pipeline)
    retired = threading.Event()
    go_on = threading.Event()

    def retire():
        with transaction.atomic():
            negotiation.retire(by=admin)
            retired.set()
            go_on.wait(0.5)

    thread, raised = in_thread(retire)
    assert retired.wait(5)
    go_on.set()
    with pytest.raises(StageRetired):
        deal.move_to(negotiation, by=anna, seen_in=lead)
    thread.join()
    assert raised == []
    deal.refresh_from_db()
    assert deal.stage == lead
    assert sums(pipeline) == before


def test_a_new_order_is_a_change_of_places_within_one_pipeline(stages):
    first, second = stages[1], stages[2]
    Stage.objects.reorder({first.pk: second.position, second.pk: first.position})
    assert list(first.pipeline.stages.in_order())[1:3] == [second, first]
    other = Pipeline.objects.make_ready("services", language="en", currency="RUB").stages.first()
    for wrong in ({first.pk: 1, other.pk: 2}, {first.pk: 1, 10**6: 2}, {first.pk: 1, second.pk: 1}):
        with pytest.raises(OrderIsBroken):
            Stage.objects.reorder(wrong)


def test_a_new_order_goes_over_a_retired_stage_which_keeps_its_place(stages, admin):
    first, gone, third, fourth = stages[1:5]
    gone.retire(by=admin)
    # as a list without the retired one counts: on from the first
    Stage.objects.reorder({fourth.pk: 2, first.pk: 3, third.pk: 4})
    assert list(gone.pipeline.stages.in_order())[1:5] == [fourth, gone, first, third]


def test_a_pipeline_goes_only_without_open_deals_and_never_as_the_last(admin, pipeline, deal):
    with pytest.raises(PipelineInUse) as refused:
        pipeline.retire(by=admin)
    assert refused.value.count == 1
    deal.archive(by=admin)
    with pytest.raises(PipelineInUse) as refused:
        pipeline.retire(by=admin)
    assert refused.value.count == 0
    Pipeline.objects.make_ready("services", language="en", currency="RUB")
    assert pipeline.retire(by=admin).is_retired
