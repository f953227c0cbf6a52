"""The dashboard as a page: who sees it, what its address may ask for, what it says."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.rights import Scope
from deals.dashboard.period import Period, last_month, quarter, this_month, year
from deals.dashboard.shape import draw
from deals.models import Deal
from pipeline.models import Pipeline
from tests.deals.nights import days_pass


@pytest.fixture
def address(pipeline):
    return reverse("deals:funnel", args=[pipeline.pk])


def test_the_page_says_what_stands_where(logged_in, owner, deal, address, lead):
    page = logged_in(owner).get(address)
    assert page.status_code == 200
    row = page.context["dashboard"].rows[0]
    assert (row.stage, row.now.count, row.now.amount) == (lead, 1, 390_000)
    assert "₽390,000" in page.text


@pytest.mark.parametrize("role", ["anna", "head", "owner", "admin", "observer"])
def test_every_ready_role_sees_the_funnel(role, logged_in, deal, address, request):
    assert logged_in(request.getfixturevalue(role)).get(address).status_code == 200


def test_a_role_without_the_funnel_is_refused_with_a_sentence(logged_in, anna, address):
    anna.role.funnel = Scope.NONE
    anna.role.save()
    page = logged_in(anna).get(address)
    assert page.status_code == 403
    assert "Your role does not allow this" in page.text


def test_who_sees_all_deals_but_only_his_own_figures_counts_his_own(logged_in, anna, vera, lead, address):
    anna.role.funnel = Scope.OWN
    anna.role.save()
    anna.role.scopes.filter(entity="deal").update(view=Scope.ALL)
    Deal.objects.make(by=vera, stage=lead, title="Vera's", amount=5)
    Deal.objects.make(by=anna, stage=lead, title="Anna's", amount=7)
    assert logged_in(anna).get(address).context["dashboard"].now == (1, 7)


def test_who_sees_the_figures_of_all_but_only_his_own_deals_counts_his_own(
    logged_in, anna, vera, lead, address
):
    anna.role.funnel = Scope.ALL
    anna.role.save()
    Deal.objects.make(by=vera, stage=lead, title="Vera's", amount=5)
    page = logged_in(anna).get(address)
    assert page.context["dashboard"].now.count == 0
    assert "Stranger" not in page.text


def test_a_foreign_or_absent_person_or_team_in_the_address_is_the_same_sentence(
    logged_in, anna, vera, deal, address
):
    foreign = logged_in(anna).get(address, {"responsible": vera.pk})
    absent = logged_in(anna).get(address, {"responsible": 10**9})
    assert foreign.context["form"].errors == absent.context["form"].errors
    assert foreign.context["form"].errors
    assert foreign.context["dashboard"].now.count == 1


@pytest.mark.parametrize(
    "query",
    [
        "asof=yesterday", "asof=0001-01-01", "asof=9999-12-31", "asof=2026-02-30", "asof=%00", "period=never",
        "from=2026-13-01", "to=1", "from=9999-12-31&to=0001-01-01", "team=x", "team=99999999999999999999",
        "responsible=-1", "responsible=%00", "responsible=1&responsible=2x", "from=2020-05-05&to=2020-05-01",
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_told_and_shows_the_rest(query, logged_in, owner, deal, address):
    page = logged_in(owner).get(f"{address}?{query}")
    assert page.status_code == 200
    assert page.context["form"].errors
    assert page.context["dashboard"].now.count == 1
    assert 'id="not-understood"' in page.text


def test_a_day_to_come_is_told_at_its_field(logged_in, owner, address, company):
    tomorrow = company.today() + timedelta(days=1)
    page = logged_in(owner).get(address, {"asof": tomorrow.isoformat()})
    assert "This day is still to come." in page.text
    assert 'aria-invalid="true"' in page.text


def test_today_is_compared_with_itself(logged_in, owner, deal, address, company):
    dashboard = logged_in(owner).get(address, {"asof": company.today().isoformat()}).context["dashboard"]
    assert (dashboard.then, dashboard.difference) == (dashboard.now, (0, 0))


def test_the_funnel_last_used_opens_again(logged_in, owner, pipeline):
    other = Pipeline.objects.make_ready("wholesale", language="en", currency="EUR")
    client = logged_in(owner)
    assert client.get("/funnel/").headers["Location"] == f"/funnel/{pipeline.pk}/"
    client.get(f"/funnel/{other.pk}/")
    assert client.get("/funnel/?period=year").headers["Location"] == f"/funnel/{other.pk}/?period=year"
    client.cookies["board"] = "nonsense"
    assert client.get("/funnel/").headers["Location"] == f"/funnel/{pipeline.pk}/"


def test_without_a_funnel_the_page_says_so(logged_in, owner, company):
    page = logged_in(owner).get("/funnel/")
    assert page.status_code == 200
    assert "There is no funnel yet" in page.text


def test_a_funnel_that_is_not_there_is_a_404(logged_in, owner, company):
    assert logged_in(owner).get("/funnel/999999/").status_code == 404


def test_it_can_only_be_looked_at(logged_in, owner, address):
    assert logged_in(owner).post(address).status_code == 405


def test_each_figure_opens_the_deals_it_counts(
    logged_in, owner, anna, lead, negotiation, won, lost, lost_reason, address
):
    for number, stage in enumerate((lead, lead, negotiation, won, lost)):
        deal = Deal.objects.make(by=anna, stage=lead, title=f"Deal {number}", amount=10)
        if stage != lead:
            deal.move_to(stage, by=anna, seen_in=lead, lost_reason=lost_reason if stage == lost else None)
    client = logged_in(owner)
    links = client.get(address).context["links"]
    for url, titles in (
        (links.open, {"Deal 0", "Deal 1", "Deal 2"}),
        (f"{links.open}&stage={lead.pk}", {"Deal 0", "Deal 1"}),
        (f"{links.open}&step=none", {"Deal 0", "Deal 1", "Deal 2"}),
        (links.won, {"Deal 3"}),
        (links.lost, {"Deal 4"}),
        (links.new, {f"Deal {number}" for number in range(5)}),
        (f"{links.won_by}&happened_person={anna.pk}", {"Deal 3"}),
        (f"{links.lost}&lost_reason={lost_reason.pk}", {"Deal 4"}),
        (f"{links.left}&happened_stage={lead.pk}", {"Deal 2", "Deal 3", "Deal 4"}),
    ):
        assert titles_in(client.get(url)) == titles, url


def titles_in(page):
    return set(re.findall(r"Deal \d", page.text))


def test_a_figure_opens_what_it_counted_whatever_became_of_it(
    logged_in, owner, anna, boris, lead, won, lost, lost_reason, address
):
    deals = [Deal.objects.make(by=anna, stage=lead, title=f"Deal {number}", amount=10) for number in range(3)]
    deals[0].move_to(lost, by=anna, seen_in=lead, lost_reason=lost_reason).move_to(
        lead, by=anna, seen_in=lost
    )
    deals[1].move_to(won, by=anna, seen_in=lead).archive(by=anna)
    deals[2].assign_to(boris, by=owner)
    client = logged_in(owner)
    page = client.get(address, {"responsible": anna.pk})
    dashboard, links = page.context["dashboard"], page.context["links"]
    assert (dashboard.new.count, dashboard.closings.won.count, dashboard.closings.lost.count) == (3, 1, 1)
    assert titles_in(client.get(links.new)) == {"Deal 0", "Deal 1", "Deal 2"}
    assert titles_in(client.get(links.won)) == {"Deal 1"}
    assert titles_in(client.get(links.lost)) == {"Deal 0"}


def test_the_past_opens_the_deals_of_then(logged_in, owner, anna, lead, negotiation, won, address, company):
    deal = Deal.objects.make(by=anna, stage=negotiation, title="Deal 0", amount=10)
    days_pass(2)
    yesterday = company.today() - timedelta(days=1)
    deal.move_to(won, by=anna, seen_in=negotiation)
    Deal.objects.make(by=anna, stage=lead, title="Deal 1", amount=10)
    client = logged_in(owner)
    links = client.get(address, {"asof": yesterday.isoformat()}).context["links"]
    assert titles_in(client.get(links.then)) == {"Deal 0"}
    assert titles_in(client.get(f"{links.then}&happened_stage={negotiation.pk}")) == {"Deal 0"}
    assert titles_in(client.get(f"{links.then}&happened_stage={lead.pk}")) == set()


def test_what_happened_is_said_above_the_list_and_can_be_taken_away(logged_in, owner, anna, lead, address):
    Deal.objects.make(by=anna, stage=lead, title="Deal 0", amount=10)
    client = logged_in(owner)
    page = client.get(client.get(address).context["links"].new)
    [chip] = page.context["narrowed"].chips
    assert chip.label == "New"
    assert chip.url == "?"


@pytest.mark.parametrize(
    "query",
    ["happened=new", "happened=x&happened_to=2026-01-01", "happened=new&happened_from=1&happened_to=2",
     "happened=lost&happened_to=2026-01-01", "happened=open&happened_to=%00"],
)  # fmt: skip
def test_what_cannot_have_happened_narrows_nothing(query, logged_in, owner, deal):
    page = logged_in(owner).get(f"{reverse('deals:deal_list')}?{query}")
    assert page.status_code == 200
    assert deal.title in page.text


def test_the_list_of_a_narrower_right_to_figures_is_as_long_as_the_figure(
    logged_in, anna, vera, lead, address
):
    anna.role.funnel = Scope.OWN
    anna.role.save()
    anna.role.scopes.filter(entity="deal").update(view=Scope.ALL)
    Deal.objects.make(by=vera, stage=lead, title="Deal 0", amount=5)
    Deal.objects.make(by=anna, stage=lead, title="Deal 1", amount=7)
    client = logged_in(anna)
    links = client.get(address).context["links"]
    assert titles_in(client.get(links.open)) == titles_in(client.get(links.new)) == {"Deal 1"}


def test_the_number_of_queries_does_not_grow(
    logged_in, owner, anna, boris, vera, stages, lost_reason, address
):
    client = logged_in(owner)
    client.get(address)
    counts = []
    for many in (3, 60):
        for number in range(many):
            deal = Deal.objects.make(
                by=(anna, boris, vera)[number % 3], stage=stages[0], title="A deal", amount=number
            )
            deal.move_to(
                stages[number % 7], by=deal.owner, seen_in=stages[0],
                lost_reason=lost_reason if number % 7 == 6 else None,
            )  # fmt: skip
        days_pass(1)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address, {"asof": "2026-01-01"})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30


# Periods and the picture


def test_a_period_is_compared_with_the_same_days_before():
    today = date(2026, 10, 12)
    assert this_month(today).before == Period(date(2026, 9, 1), date(2026, 9, 12), 1)
    assert last_month(today).before == Period(date(2026, 8, 1), date(2026, 8, 31), 1)
    assert quarter(today).before == Period(date(2026, 7, 1), date(2026, 7, 12), 3)
    assert year(today).before == Period(date(2025, 1, 1), date(2025, 10, 12), 12)
    assert Period(date(2026, 10, 3), date(2026, 10, 7)).before == Period(date(2026, 9, 28), date(2026, 10, 2))
    assert this_month(date(2026, 3, 31)).before == Period(date(2026, 2, 1), date(2026, 2, 28), 1)
    assert this_month(date(2026, 1, 15)).before == Period(date(2025, 12, 1), date(2025, 12, 15), 1)


def test_the_picture_is_as_wide_as_its_counts_and_meets_its_neighbours_half_way():
    (first, dashes), (second, _dashes) = draw([8, 4], [2, 0])
    assert first == "M4.0 0Q4.0 7 4.0 15V37Q4.0 45 15.5 52H84.5Q96.0 45 96.0 37V15Q96.0 7 96.0 0Z"
    assert second.startswith("M15.5 0Q27.0 7 27.0 15V37")
    assert dashes == "M38.5 14V38M61.5 14V38"
    assert draw([], []) == []
    assert draw([0], [0])[0][0].startswith("M50.0 0")
