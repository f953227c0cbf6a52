"""The figures of the dashboard, each against a bare query that counts in another way."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from deals.models import Deal, StageHistory
from pipeline.models import Pipeline
from tests.deals.nights import days_pass, rows_of


@pytest.fixture
def look(logged_in, pipeline, owner):
    """Return a function that gives the dashboard a person (the owner) sees."""

    def dashboard_of(person=None, **parameters):
        page = logged_in(person or owner).get(reverse("deals:funnel", args=[pipeline.pk]), parameters)
        assert page.status_code == 200
        return page.context["dashboard"]

    return dashboard_of


@pytest.fixture
def make(lead):
    def made(by, amount=100, stage=lead, **values):
        return Deal.objects.make(by=by, stage=stage, title="A deal", amount=amount, **values)

    return made


@pytest.fixture
def go():
    """Return a function that moves a deal through stages, as its responsible."""

    def moved(deal, *stages, lost_reason=None):
        for stage in stages:
            deal = deal.move_to(
                stage,
                by=deal.owner,
                seen_in=deal.stage,
                lost_reason=lost_reason if stage.kind == "lost" else None,
            )
        return deal

    return moved


@pytest.fixture
def busy_month(make, go, stages, anna, boris, vera, lost_reason, admin):
    """Sixty days of deals that go on, come back, change hands and sums, are won, lost and reopened."""
    lead, negotiation, invoice, payment, shipment, won, lost = stages
    for number in range(12):
        who = (anna, boris, vera)[number % 3]
        deal = make(who, amount=None if number == 4 else 100 * number + 1)
        days_pass(3)
        if number % 2:
            deal = go(deal, negotiation)
            days_pass(1)
            deal = deal.change({"amount": 5000 + number}, by=who)
        if number % 3 == 0:
            deal = go(deal, invoice, negotiation, payment)
        if number % 4 == 0:
            deal = deal.assign_to(anna, by=admin)
        if number in (3, 6, 9, 10):
            deal = go(deal, won)
        if number == 6:
            days_pass(1)
            deal = go(deal, payment, won)
        if number in (5, 7):
            deal = go(deal, lost, lost_reason=lost_reason)
        if number == 7:
            deal = go(deal, shipment)
        if number in (8, 9):
            deal.archive(by=admin)
        days_pass(1)


@pytest.fixture
def each_period(look, company):
    """The dashboards of every kind of period."""
    today = company.today()
    some_days = {"from": str(today - timedelta(days=20)), "to": str(today - timedelta(days=3))}
    named = [{"period": name} for name in ("month", "last_month", "quarter", "year")]
    return lambda: [look(**period) for period in [*named, some_days]]


def bounds(dashboard):
    return dashboard.period.moments(dashboard.company)


def test_new_deals_are_those_whose_first_row_lies_in_the_period(busy_month, each_period):
    for dashboard in each_period():
        [(count, amount)] = rows_of(
            """WITH numbered AS (SELECT *, row_number() OVER (PARTITION BY deal_id ORDER BY id) AS n
                                 FROM deals_stagehistory)
               SELECT count(*), sum(d.amount) FROM numbered JOIN deals_deal d ON d.id = deal_id
               WHERE n = 1 AND entered_at >= %s AND entered_at < %s""",
            *bounds(dashboard),
        )
        assert dashboard.new == (count, amount or 0)


@pytest.mark.parametrize("kind", ["won", "lost"])
def test_a_deal_is_won_or_lost_once_in_the_period_at_its_last_entry(busy_month, each_period, kind):
    for dashboard in each_period():
        [(count, amount)] = rows_of(
            """WITH steps AS (
                 SELECT deal_id, amount, entered_at, kind,
                        lag(kind) OVER (PARTITION BY deal_id ORDER BY h.id) AS before
                 FROM deals_stagehistory h JOIN pipeline_stage s ON s.id = h.stage_id),
               entries AS (
                 SELECT DISTINCT ON (deal_id) deal_id, amount FROM steps
                 WHERE kind = %s AND before IS DISTINCT FROM kind AND entered_at >= %s AND entered_at < %s
                 ORDER BY deal_id, entered_at DESC)
               SELECT count(*), sum(amount) FROM entries""",
            kind,
            *bounds(dashboard),
        )
        assert getattr(dashboard.closings, kind) == (count, amount or 0)


def test_conversion_is_the_share_of_the_stays_ended_in_the_period_that_went_on(busy_month, each_period):
    for dashboard in each_period():
        expected = rows_of(
            """WITH islands AS (
                 SELECT deal_id, stage_id, stage_since, max(left_at) AS ended,
                        bool_or(left_at IS NULL) AS here
                 FROM deals_stagehistory GROUP BY deal_id, stage_id, stage_since),
               steps AS (
                 SELECT *, lead(stage_id) OVER (PARTITION BY deal_id ORDER BY stage_since) AS next
                 FROM islands)
               SELECT s.id, count(*),
                      count(*) FILTER (
                        WHERE n.kind = 'won' OR (n.kind <> 'lost' AND n.position > s.position)),
                      extract(epoch FROM avg(ended - stage_since)) / 86400
               FROM steps JOIN pipeline_stage s ON s.id = stage_id JOIN pipeline_stage n ON n.id = next
               WHERE NOT here AND s.outcome = '' AND ended >= %s AND ended < %s GROUP BY s.id""",
            *bounds(dashboard),
        )
        assert {
            row.stage.pk: (row.ended, row.went_on, pytest.approx(row.days, abs=0.001))
            for row in dashboard.rows
            if row.ended
        } == {pk: (ended, went_on, float(days)) for pk, ended, went_on, days in expected}


def test_the_way_to_the_win_is_from_the_first_row_to_the_last_win(busy_month, each_period):
    for dashboard in each_period():
        [(days,)] = rows_of(
            """SELECT extract(epoch FROM avg(won - began)) / 86400 FROM (
                 SELECT deal_id, min(entered_at) AS began, max(entered_at) FILTER (
                   WHERE stage_id IN (SELECT id FROM pipeline_stage WHERE kind = 'won')
                   AND entered_at = stage_since AND entered_at >= %s AND entered_at < %s) AS won
                 FROM deals_stagehistory GROUP BY deal_id) AS ways WHERE won IS NOT NULL""",
            *bounds(dashboard),
        )
        took = dashboard.closings.days_to_win
        assert (took is None and days is None) or took == pytest.approx(float(days), abs=0.001)


def test_several_moves_of_one_moment_count_as_moves_one_after_the_other(
    make, go, look, anna, company, lead, negotiation, won
):
    """A clock that was set back, or a file that tells days only: stays that last no time."""
    deal = make(anna, amount=100)
    later = timezone.now() + timedelta(hours=1)
    StageHistory.objects.filter(deal=deal).update(entered_at=later, stage_since=later, deal_since=later)
    deal = go(deal, negotiation).change({"amount": 300}, by=anna)
    go(deal, won).change({"amount": 500}, by=anna)
    assert set(deal.stays.values_list("entered_at", flat=True)) == {later}
    days_pass(2)
    dashboard = look(**{"from": str(company.today() - timedelta(days=4)), "to": str(company.today())})
    rows = {row.stage: row for row in dashboard.rows}
    for stage in (lead, negotiation):
        assert (rows[stage].ended, rows[stage].went_on, rows[stage].days) == (1, 1, 0)
    assert (dashboard.new, dashboard.closings.won) == ((1, 500), (1, 300))


def test_a_deal_won_again_by_somebody_else_is_won_by_him(
    make, go, look, anna, boris, admin, negotiation, won
):
    deal = go(make(anna), won, negotiation).assign_to(boris, by=admin)
    go(deal, won)
    counts = [look(responsible=person.pk).closings.won.count for person in (anna, boris)]
    assert (counts, look().closings.won_by_owner) == ([0, 1], {boris.pk: 1})


def test_a_move_to_another_pipeline_ends_a_stay_and_does_not_go_on(make, look, anna, lead):
    other = Pipeline.objects.make_ready("wholesale", language="en", currency="RUB")
    make(anna).move_to_pipeline(other.stages.in_order()[0], by=anna, seen_in=lead)
    row = look().rows[0]
    assert (row.stage, row.ended, row.went_on) == (lead, 1, 0)


def test_the_funnel_of_each_past_day_is_what_was_open_at_its_end(busy_month, look, company):
    for back in (0, 1, 5, 13, 27, 44, 60, 400):
        day = company.today() - timedelta(days=back)
        dashboard = look(asof=day.isoformat())
        expected = rows_of(
            """SELECT stage_id, count(*), sum(amount) FROM deals_stagehistory
               WHERE counts_as_open AND entered_at < %s AND (left_at IS NULL OR left_at >= %s)
               GROUP BY stage_id""",
            company.end_of(day),
            company.end_of(day),
        )
        then = {row.stage.pk: row.then for row in dashboard.rows if row.then.count}
        assert then == {pk: (count, amount or 0) for pk, count, amount in expected}, day


def test_what_is_open_now_is_counted_as_bare_sql_counts_it(busy_month, look):
    dashboard = look()
    expected = rows_of(
        """SELECT stage_id, count(*), sum(amount), sum(amount * probability / 100),
                  count(*) FILTER (WHERE next_step_at IS NULL)
           FROM deals_deal d JOIN pipeline_stage s ON s.id = d.stage_id
           WHERE closed_at IS NULL AND archived_at IS NULL GROUP BY stage_id"""
    )
    assert [
        (row.stage.pk, row.now.count, row.now.amount, row.weighted, row.without_step)
        for row in dashboard.rows
        if row.now.count
    ] == sorted(
        (pk, count, amount or 0, weighted or 0, bare) for pk, count, amount, weighted, bare in expected
    )


def test_people_have_their_own_lines(busy_month, look):
    dashboard = look(period="year")
    expected = rows_of(
        """SELECT owner_id, count(*), coalesce(sum(amount), 0) FROM deals_deal
           WHERE closed_at IS NULL AND archived_at IS NULL GROUP BY owner_id"""
    )
    assert {row.person.pk: row.open for row in dashboard.people if row.open.count} == {
        pk: (count, amount) for pk, count, amount in expected
    }
    assert sum(row.won for row in dashboard.people) == dashboard.closings.won.count


def test_a_person_counts_what_he_sees(busy_month, look, anna, head, vera, boris):
    for person, people in ((anna, [anna]), (head, [head, anna, boris]), (vera, [vera])):
        dashboard = look(person)
        [(count,)] = rows_of(
            "SELECT count(*) FROM deals_deal WHERE closed_at IS NULL AND archived_at IS NULL"
            " AND owner_id = ANY(%s)",
            [each.pk for each in people],
        )
        assert dashboard.now.count == count


def test_the_past_shows_the_amount_and_the_responsible_of_then(make, look, anna, boris, admin, company):
    deal = make(anna, amount=100)
    days_pass(1)
    deal = deal.change({"amount": 900}, by=anna)
    deal.assign_to(boris, by=admin)
    yesterday = (company.today() - timedelta(days=1)).isoformat()
    assert look(asof=yesterday).then == (1, 100)
    assert look(asof=yesterday, responsible=anna.pk).then == (1, 100)
    assert look(asof=yesterday, responsible=boris.pk).then == (0, 0)
    assert look(asof=yesterday, responsible=boris.pk).now == (1, 900)


def test_the_past_is_seen_by_who_sees_the_deal_today(make, look, anna, boris, admin, company):
    deal = make(anna, amount=100)
    days_pass(1)
    deal.assign_to(boris, by=admin)
    yesterday = (company.today() - timedelta(days=1)).isoformat()
    assert look(anna, asof=yesterday).then.count == 0
    assert look(boris, asof=yesterday).then.count == 1


def test_a_deal_that_begins_at_midnight_belongs_to_the_day_that_begins(make, look, anna, company):
    deal = make(anna)
    midnight = company.midnight(company.today() - timedelta(days=5))
    StageHistory.objects.filter(deal=deal).update(
        entered_at=midnight, stage_since=midnight, deal_since=midnight
    )
    assert look(asof=str(company.today() - timedelta(days=6))).then.count == 0
    assert look(asof=str(company.today() - timedelta(days=5))).then.count == 1


def test_deals_of_unknown_start_are_left_out_and_named(make, look, anna, company, logged_in, owner, pipeline):
    make(anna)
    unknown = make(anna)
    StageHistory.objects.filter(deal=unknown).update(entered_at=None, stage_since=None, deal_since=None)
    days_pass(2)
    dashboard = look()
    asof = dashboard.company.today() - timedelta(days=1)
    dashboard = look(asof=str(asof))
    assert (dashboard.then.count, dashboard.unknown_count, dashboard.now.count) == (1, 1, 2)
    assert dashboard.difference.count == 0  # what is not known then is no growth
    page = logged_in(owner).get(reverse("deals:funnel", args=[pipeline.pk]), {"asof": str(asof)})
    assert "1 deal is not counted" in page.text


def test_a_stage_not_in_use_any_more_is_shown_for_the_day_on_which_it_held_deals(
    make, look, anna, admin, company, negotiation, invoice
):
    make(anna, stage=invoice)
    days_pass(1)
    invoice.merge_into(negotiation, by=admin)
    rows = {row.stage: row for row in look(asof=str(company.today() - timedelta(days=1))).rows}
    assert (rows[invoice].now.count, rows[invoice].then.count) == (0, 1)
    assert (rows[negotiation].now.count, rows[negotiation].then.count) == (1, 0)
    assert invoice not in [row.stage for row in look(asof=str(company.today())).rows]


def test_another_pipeline_has_its_own_figures(make, look, anna, company):
    other = Pipeline.objects.make_ready("wholesale", language="en", currency="RUB")
    make(anna, stage=other.stages.in_order()[0])
    dashboard = look(asof=str(company.today()))
    assert (dashboard.now.count, dashboard.then.count, dashboard.new.count) == (0, 0, 0)


def test_the_reasons_of_losses_are_counted(make, go, look, anna, lost, lost_reason):
    go(make(anna), lost, lost_reason=lost_reason)
    assert look().reasons == [(lost_reason.pk, lost_reason.name, 1)]


def test_an_amount_nobody_knows_is_no_amount(make, look, anna):
    make(anna, amount=None)
    assert look().now == (1, Decimal(0))
