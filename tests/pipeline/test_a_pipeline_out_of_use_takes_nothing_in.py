"""A pipeline out of use: what is closed or archived in it stays; no deal comes in, back, or on within it."""

import pytest
from django.urls import reverse

from deals.models import Deal
from pipeline.models import Pipeline, Stage
from pipeline.refusals import PipelineInUse, PipelineRetired
from tests.meanwhile import still_open


@pytest.fixture
def other(pipeline):
    """The first stage of another pipeline, which is in use."""
    return Pipeline.objects.make_ready("services", language="en", currency="RUB").stages.in_order()[0]


@pytest.fixture
def archived(deal, anna):
    return deal.archive(by=anna)


@pytest.fixture
def retired(pipeline, other, admin):
    """Return a function that retires the pipeline."""
    return lambda: pipeline.retire(by=admin)


def open_deals(pipeline):
    return Deal.objects.for_system("test").of_pipeline(pipeline).open().count()


def test_no_deal_is_made_in_it(retired, lead, anna):
    retired()
    with pytest.raises(PipelineRetired):
        Deal.objects.make(by=anna, stage=lead, title="Late")
    assert not Deal.objects.exists()


def test_an_archived_deal_comes_back_into_another_pipeline_only(retired, archived, other, lead, anna):
    retired()
    with pytest.raises(PipelineRetired):
        archived.restore(by=anna)
    assert Deal.objects.get().is_archived
    deal = archived.restore(by=anna, into=other)
    assert (deal.is_archived, deal.stage, deal.is_open) == (False, other, True)


def test_a_closed_deal_comes_back_from_the_archive_where_it_was(retired, deal, lead, won, anna):
    closed = deal.move_to(won, by=anna, seen_in=lead).archive(by=anna)
    retired()
    assert closed.restore(by=anna).stage == won


def test_a_won_deal_is_reopened_in_another_pipeline_only(retired, deal, lead, won, other, pipeline, anna):
    closed = deal.move_to(won, by=anna, seen_in=lead)
    retired()
    with pytest.raises(PipelineRetired):
        closed.move_to(lead, by=anna, seen_in=won)
    assert open_deals(pipeline) == 0
    assert closed.move_to_pipeline(other, by=anna, seen_in=won).is_open


def test_a_deal_of_another_pipeline_is_not_moved_into_it(retired, other, lead, pipeline, anna):
    deal = Deal.objects.make(by=anna, stage=other, title="There")
    retired()
    with pytest.raises(PipelineRetired):
        deal.move_to_pipeline(lead, by=anna, seen_in=other)
    assert Deal.objects.get().stage == other


def test_it_gets_no_new_stage(retired, pipeline):
    retired()
    with pytest.raises(PipelineRetired):
        Stage(pipeline=pipeline, name="Late").stand_before_the_ends()


# What comes in while it is being retired

WAYS_IN = ["made", "restored", "reopened", "moved in"]


@pytest.fixture(params=WAYS_IN)
def way_in(request, anna, deal, lead, won, other):
    """A way by which a deal becomes an open one of the pipeline, which has none before."""
    match request.param:
        case "made":
            deal.move_to(won, by=anna, seen_in=lead)
            return lambda: Deal.objects.make(by=anna, stage=lead, title="Late")
        case "restored":
            archived = deal.archive(by=anna)
            return lambda: archived.restore(by=anna)
        case "reopened":
            closed = deal.move_to(won, by=anna, seen_in=lead)
            return lambda: closed.move_to(lead, by=anna, seen_in=won)
        case _:
            there = deal.move_to_pipeline(other, by=anna, seen_in=lead)
            return lambda: there.move_to_pipeline(lead, by=anna, seen_in=other)


@pytest.mark.django_db(transaction=True)
def test_what_comes_in_while_it_is_retired_waits_and_is_refused(way_in, retired, pipeline):
    with still_open(retired), pytest.raises(PipelineRetired):
        way_in()
    assert open_deals(pipeline) == 0


@pytest.mark.django_db(transaction=True)
def test_what_came_in_first_keeps_it_in_use(way_in, retired, pipeline):
    with still_open(way_in), pytest.raises(PipelineInUse):
        retired()
    pipeline.refresh_from_db()
    assert (open_deals(pipeline), pipeline.is_retired) == (1, False)


# What the pages say


def test_who_restores_is_led_to_the_choice_of_another_pipeline(retired, archived, other, logged_in, anna):
    retired()
    client = logged_in(anna)
    page = client.post(reverse("deals:deal_restore", args=[archived.pk]), follow=True)
    assert "The pipeline “Sales” is no longer in use." in page.text
    assert f'value="{other.pk}"' in page.text
    chosen = {"stage": other.pk, "seen_in": archived.stage_id}
    assert client.post(reverse("deals:deal_pipeline", args=[archived.pk]), chosen).status_code == 303
    deal = Deal.objects.get()
    assert (deal.is_archived, deal.stage) == (False, other)


def test_who_reopens_is_told_why_not(retired, deal, lead, won, logged_in, anna):
    deal.move_to(won, by=anna, seen_in=lead)
    retired()
    posted = {"stage": lead.pk, "seen_in": won.pk}
    answer = logged_in(anna).post(reverse("deals:deal_move", args=[deal.pk]), posted)
    assert answer.status_code == 409
    assert "Move the deal to another one." in answer.text


def test_an_observer_restores_nothing_from_it(retired, archived, other, logged_in, observer):
    retired()
    chosen = {"stage": other.pk, "seen_in": archived.stage_id}
    answer = logged_in(observer).post(reverse("deals:deal_pipeline", args=[archived.pk]), chosen)
    assert answer.status_code == 403
    assert Deal.objects.get().is_archived
