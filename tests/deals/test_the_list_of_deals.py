"""The list: what its address asks for, and no more than the person sees."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Team
from activities.models import Activity
from deals.models import Deal
from directories.models import CustomField

LIST = "/deals/"


@pytest.fixture
def titles(logged_in, anna):
    """Return a function that lists the titles that anna gets for a query."""
    client = logged_in(anna)

    def listed(query="", **headers):
        answer = client.get(f"{LIST}{query}", **headers)
        assert answer.status_code == 200
        return [deal.title for deal in answer.context["page"]]

    return listed


@pytest.fixture
def some_deals(anna, lead, negotiation, won, lost, lost_reason, source):
    """Open, planned, overdue, won, lost and archived deals of anna's."""
    make = Deal.objects.make
    made = {
        name: make(by=anna, stage=lead, title=name, amount=amount)
        for name, amount in [
            ("Fresh", 100),
            ("Planned", 300),
            ("Late", None),
            ("Won one", 50),
            ("Gone", 7),
            ("Old", 9),
        ]
    }
    made["Planned"] = made["Planned"].move_to(negotiation, by=anna, seen_in=lead)
    Activity.objects.plan(made["Planned"], "Call", by=anna, due_at=timezone.now() + timedelta(days=2))
    Activity.objects.plan(made["Late"], "Call", by=anna, due_at=timezone.now() - timedelta(days=2))
    made["Won one"].move_to(won, by=anna, seen_in=lead)
    made["Gone"].move_to(lost, by=anna, seen_in=lead, lost_reason=lost_reason)
    made["Old"].archive(by=anna)
    made["Fresh"].change({"source": source}, by=anna)
    return made


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("", {"Fresh", "Planned", "Late"}),
        ("?step=none", {"Fresh"}),
        ("?step=overdue", {"Late"}),
        ("?outcome=won", {"Won one"}),
        ("?outcome=lost", {"Gone"}),
        ("?outcome=closed", {"Won one", "Gone"}),
        ("?outcome=any", {"Fresh", "Planned", "Late", "Won one", "Gone"}),
        ("?archived=1", {"Old"}),
        ("?q=plan", {"Planned"}),
        ("?amount_from=100&amount_to=299,5", {"Fresh"}),
        ("?created_from=2020-01-01&created_to=2020-12-31", set()),
        ("?closed_from=2020-01-01", {"Won one", "Gone"}),
        ("?q=nothing+like+it", set()),
    ],
)
def test_the_address_says_what_is_listed(query, listed, titles, some_deals):
    assert set(titles(query)) == listed


def test_stages_people_and_sources_narrow(titles, some_deals, negotiation, anna, boris, source, pipeline):
    assert titles(f"?stage={negotiation.pk}") == ["Planned"]
    assert titles(f"?source={source.pk}") == ["Fresh"]
    assert len(titles(f"?responsible={anna.pk}")) == len(titles(f"?pipeline={pipeline.pk}")) == 3


def test_a_team_is_its_people_and_those_under_it(
    logged_in, owner, vera, some_deals, team, office, other_team, lead
):
    Deal.objects.make(by=vera, stage=lead, title="Vera's")
    client = logged_in(owner)
    counts = {
        each: len(client.get(f"{LIST}?team={each.pk}").context["page"]) for each in (team, office, other_team)
    }
    assert counts == {team: 3, office: 4, other_team: 1}


def test_idle_are_those_that_stand_too_long_without_a_step_ahead(titles, some_deals, lead):
    lead.idle_days = 5
    lead.save()
    Deal.objects.filter(title="Fresh").update(stage_since=timezone.now() - timedelta(days=6))
    assert titles("?idle=1") == ["Fresh"]


def test_foreign_deals_are_neither_listed_nor_counted(logged_in, vera, some_deals):
    answer = logged_in(vera).get(f"{LIST}?outcome=any")
    assert not answer.context["page"].rows
    assert answer.context["count"].number == 0
    assert all(not tab["count"] for tab in answer.context["tabs"])


def test_a_foreign_contact_narrows_nothing(titles, some_deals, contact, vera):
    contact.write(by=vera, owner=vera)
    assert len(titles(f"?contact={contact.pk}")) == len(titles(f"?contact={10**9}")) == 3


@pytest.mark.parametrize("sort", ["owner__password", "-id;", 'x" DESC', "custom", "-", ""])
def test_a_sort_that_is_none_is_not_looked_at(sort, titles, some_deals):
    assert set(titles(f"?sort={sort}")) == {"Fresh", "Planned", "Late"}


def test_it_is_sorted_by_amount_with_those_without_one_last(titles, some_deals):
    assert titles("?sort=-amount") == ["Planned", "Fresh", "Late"]
    assert titles("?sort=amount") == ["Fresh", "Planned", "Late"]
    assert titles("?sort=title") == ["Fresh", "Late", "Planned"]


@pytest.mark.parametrize(
    "garbage",
    ["stage=x", "responsible=1%27", "team=-1", "created_from=yesterday", "after=x", "amount_from=a"],
)
def test_what_is_not_understood_narrows_nothing(garbage, titles, some_deals):
    assert len(titles(f"?{garbage}")) == 3


def test_of_overdue_deals_the_one_that_waited_longest_comes_first(titles, anna, lead):
    for days in (3, 9, 5):
        deal = Deal.objects.make(by=anna, stage=lead, title=f"{days} days")
        Activity.objects.plan(deal, "Call", by=anna, due_at=timezone.now() - timedelta(days=days))
    assert titles("?step=overdue") == ["9 days", "5 days", "3 days"]


def test_pages_go_on_by_key_and_show_each_deal_once(logged_in, anna, lead):
    for number in range(120):
        Deal.objects.make(by=anna, stage=lead, title=f"Deal {number}", amount=number % 7 or None)
    client = logged_in(anna)
    for sort in ("-updated_at", "amount", "-amount", "title", "stage_since", "-created_at", "next_step"):
        seen, key = [], ""
        while True:
            page = client.get(LIST, {"sort": sort, "after": key}).context["page"]
            seen += [deal.pk for deal in page]
            if not (key := page.next_key):
                break
        assert len(seen) == len(set(seen)) == 120, sort


def test_the_next_page_comes_alone_to_htmx(logged_in, anna, lead):
    for number in range(60):
        Deal.objects.make(by=anna, stage=lead, title=f"Deal {number}")
    client = logged_in(anna)
    key = client.get(LIST).context["page"].next_key
    body = client.get(LIST, {"after": key}, headers={"HX-Request": "true"}).content.decode()
    assert body.count("<tr>") == 10
    assert "<aside" not in body


def test_the_list_costs_as_many_queries_for_sixty_deals_as_for_three(
    logged_in, anna, lead, contact, organization
):
    client = logged_in(anna)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    def make(count):
        for number in range(count):
            deal = Deal.objects.make(
                by=anna, stage=lead, title=f"Deal {number}", contact=contact, organization=organization
            )
            Activity.objects.plan(deal, "Call", by=anna, due_at=timezone.now())

    make(3)
    cost()
    few = cost()
    make(57)
    assert cost() == few


def test_an_own_field_is_a_column_of_the_list(logged_in, anna, deal):
    CustomField.objects.make(entity="deal", code="fee", label_ru="Гонорар", label_en="Fee", kind="number")
    deal.change({"custom__fee": 22}, by=anna)
    text = logged_in(anna).get("/deals/").text
    assert re.search(r"<th[^>]*>Fee</th>", text)
    assert re.search(r'<td class="more-2[^"]*num[^"]*">\s*(<[^>]*>\s*)*22\s*<', text)


def offered(text, name):
    """The words of the options of the select `name`; nothing where it is not shown."""
    select = re.search(rf'<select[^>]* name="{name}".*?</select>', text, re.DOTALL)
    return re.findall(r"<option[^>]*>([^<]*)</option>", select[0]) if select else []


def test_who_sees_his_own_deals_is_offered_neither_people_nor_teams(logged_in, anna, deal):
    text = logged_in(anna).get(LIST).text
    assert (offered(text, "responsible"), offered(text, "team")) == ([], [])


def test_a_head_chooses_among_his_own_people_and_teams(logged_in, head, anna, boris, vera, team, other_team):
    part = Team.objects.create(name="Juniors", parent=team)
    boris.team = part
    boris.save(update_fields=["team"])
    client = logged_in(head)
    text = client.get(LIST).text
    assert set(offered(text, "responsible")) == {"Everyone I see", "Me", anna.full_name, boris.full_name}
    assert offered(text, "team") == ["Any", "First team", "\u2003Juniors"]
    assert client.get(f"{LIST}?team={other_team.pk}").context["narrowed"].chips == []


def test_teams_stand_as_their_tree_goes(logged_in, owner, head, anna, vera, office, team, other_team):
    Team.objects.create(name="Branch")
    assert offered(logged_in(owner).get(LIST).text, "team") == [
        "Any",
        "Branch",
        "Office",
        "\u2003First team",
        "\u2003Second team",
    ]


def test_the_archive_holds_deals_of_any_outcome_unless_one_is_asked(titles, logged_in, anna, lead, won):
    for title in ("Archived open", "Archived won"):
        deal = Deal.objects.make(by=anna, stage=lead, title=title)
        if title == "Archived won":
            deal = deal.move_to(won, by=anna, seen_in=lead)
        deal.archive(by=anna)
    assert set(titles("?archived=1")) == {"Archived open", "Archived won"}
    assert titles("?archived=1&outcome=won") == ["Archived won"]
    assert offered(logged_in(anna).get(f"{LIST}?archived=1").text, "outcome") == ["any", "won", "lost"]


def test_an_empty_archive_does_not_speak_of_filters(logged_in, anna, deal):
    text = logged_in(anna).get(f"{LIST}?archived=1").text
    assert "The archive is empty" in text
    assert "Remove a filter" not in text


def test_won_deals_have_no_column_of_the_reasons_of_a_loss(logged_in, anna, some_deals):
    client = logged_in(anna)
    heads = {
        outcome: re.findall(r"<th [^>]*>(?:<a[^>]*>)?([^<]+)<", client.get(f"{LIST}?outcome={outcome}").text)
        for outcome in ("won", "lost")
    }
    assert "Loss reason" in heads["lost"]
    assert heads["won"] == ["Deal", "Stage", "Amount", "Closed", "Responsible", "Changed"]


def test_the_tabs_of_what_needs_attention_say_how_many(logged_in, anna, some_deals, lead):
    lead.idle_days = 1
    lead.save(update_fields=["idle_days"])
    tabs = {tab["name"]: tab["count"] for tab in logged_in(anna).get(LIST).context["tabs"]}
    assert (int(tabs["overdue"]), int(tabs["none"]), int(tabs["idle"])) == (1, 1, 0)
