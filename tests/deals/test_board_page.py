"""`/board/<pipeline>/`: columns, figures, filters, pages of columns."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team
from deals.models import Deal
from pipeline.models import Pipeline


@pytest.fixture
def board_url(pipeline):
    return reverse("deals:board", args=[pipeline.pk])


def titles(answer):
    return re.findall(r'<h3><a href="[^"]*">([^<]*)</a>', answer.content.decode())


def figure(answer, name):
    """Return the text of the element with the id `name`."""
    found = re.search(rf'id="{name}"[^>]*>(.*?)<', answer.content.decode(), re.DOTALL)
    return found and " ".join(found.group(1).split())


def test_a_column_shows_count_and_sum_and_the_newest_in_the_stage_first(
    logged_in, anna, lead, negotiation, board_url
):
    first = Deal.objects.make(by=anna, stage=lead, title="First", amount=100)
    Deal.objects.make(by=anna, stage=lead, title="Second", amount=250)
    Deal.objects.make(by=anna, stage=lead, title="Third")
    third = Deal.objects.make(by=anna, stage=negotiation, title="Elsewhere", amount=7)
    third.move_to(lead, by=anna, seen_in=negotiation)
    first.move_to(negotiation, by=anna, seen_in=lead)
    answer = logged_in(anna).get(board_url)
    assert titles(answer) == ["Elsewhere", "Third", "Second", "First"]
    assert (figure(answer, f"count-{lead.pk}"), figure(answer, f"sum-{lead.pk}")) == ("3", "₽257")
    assert (figure(answer, f"count-{negotiation.pk}"), figure(answer, f"sum-{negotiation.pk}")) == (
        "1",
        "₽100",
    )
    assert figure(answer, "board-total") == "4 deals · ₽357"


def test_what_one_may_not_see_is_neither_shown_nor_counted(logged_in, deal, vera, head, lead, board_url):
    answer = logged_in(vera).get(board_url)
    assert titles(answer) == []
    assert figure(answer, f"count-{lead.pk}") == "0"
    assert titles(logged_in(head).get(board_url)) == [deal.title]


def test_closed_and_archived_deals_are_not_on_the_board(logged_in, anna, lead, won, deal, board_url):
    Deal.objects.make(by=anna, stage=won, title="Won long ago")
    deal.archive(by=anna)
    assert titles(logged_in(anna).get(board_url)) == []


def test_a_column_goes_on_by_key_until_all_its_deals_are_shown_once(
    logged_in, anna, lead, pipeline, board_url
):
    made = [Deal.objects.make(by=anna, stage=lead, title=f"Deal {number}").title for number in range(60)]
    client = logged_in(anna)
    answer = client.get(board_url)
    shown = titles(answer)
    assert len(shown) == 25
    while found := re.search(r'hx-get="([^"]*/stage/[^"]*)"', answer.content.decode()):
        answer = client.get(found.group(1), headers={"HX-Request": "true"})
        shown += titles(answer)
    assert shown == made[::-1]


def test_without_javascript_the_next_page_of_a_column_is_a_page(logged_in, anna, lead, board_url):
    for number in range(30):
        Deal.objects.make(by=anna, stage=lead, title=f"Deal {number}")
    client = logged_in(anna)
    link = re.search(r'class="lane-more[^"]*" href="([^"]*)"', client.get(board_url).content.decode()).group(
        1
    )
    answer = client.get(link)
    assert "<h1" in answer.content.decode()
    assert titles(answer) == [f"Deal {number}" for number in range(4, -1, -1)]


@pytest.fixture
def several(anna, boris, lead, negotiation, source):
    lead.idle_days = 3
    lead.save()
    Deal.objects.make(by=anna, stage=lead, title="Ёлки for the office", source=source, amount=10)
    old = Deal.objects.make(by=boris, stage=negotiation, title="Old one", amount=20)
    Deal.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=800))
    idle = Deal.objects.make(by=boris, stage=lead, title="Idle one", amount=40)
    Deal.objects.filter(pk=idle.pk).update(
        stage_since=timezone.now() - timedelta(days=9), next_step_at=timezone.now() - timedelta(days=1)
    )


@pytest.mark.parametrize(
    ("query", "shown", "amount"),
    [
        ("q=елки", {"Ёлки for the office"}, 10),
        ("responsible={boris.pk}", {"Old one", "Idle one"}, 60),
        ("responsible={anna.pk}&responsible={boris.pk}", {"Ёлки for the office", "Old one", "Idle one"}, 70),
        ("team={team.pk}", {"Ёлки for the office", "Old one", "Idle one"}, 70),
        ("team={other_team.pk}", set(), 0),
        ("created=year", {"Ёлки for the office", "Idle one"}, 50),
        ("created=custom&created_to=2025-01-01", {"Old one"}, 20),
        ("source={source.pk}", {"Ёлки for the office"}, 10),
        ("step=none", {"Ёлки for the office", "Old one"}, 30),
        ("idle=1", {"Idle one"}, 40),
        ("responsible={boris.pk}&idle=1", {"Idle one"}, 40),
    ],
)
def test_a_filter_narrows_cards_counts_and_sums_alike(
    query, shown, amount, logged_in, owner, anna, boris, team, other_team, source, several, board_url
):
    people = {"anna": anna, "boris": boris, "team": team, "other_team": other_team, "source": source}
    answer = logged_in(owner).get(f"{board_url}?{query.format(**people)}")
    assert set(titles(answer)) == shown
    total = "deal" if len(shown) == 1 else "deals"
    assert figure(answer, "board-total") == f"{len(shown)} {total} · ₽{amount}"


def test_the_marks_count_what_they_would_keep(logged_in, owner, several, board_url):
    for query in ("", "?idle=1", "?step=none"):
        answer = logged_in(owner).get(board_url + query)
        assert (figure(answer, "without-step"), figure(answer, "idle")) == ("2", "1")


@pytest.mark.parametrize(
    "query",
    [
        "responsible=x",
        "responsible=99999999999999999999",
        "team=-1",
        "created=ever",
        "created=custom&created_to=9999-12-31",
        "created=custom&created_from=0001-01-01",
        "source=%00",
        "q=%00",
        "q=" + "x" * 500,
        "after=x",
        "idle=maybe",
    ],
)
def test_a_filter_that_makes_no_sense_narrows_nothing(query, logged_in, anna, deal, board_url):
    answer = logged_in(anna).get(f"{board_url}?{query}")
    assert answer.status_code == 200
    if "idle" not in query:
        assert titles(answer) == [deal.title]


def test_nobody_can_filter_by_people_he_does_not_see(logged_in, anna, vera, deal, board_url):
    page = logged_in(anna).get(board_url).content.decode()
    assert "Stranger" not in page
    assert titles(logged_in(anna).get(f"{board_url}?responsible={vera.pk}")) == [deal.title]


def test_the_board_used_last_opens_again(logged_in, anna, pipeline):
    other = Pipeline.objects.make_ready("wholesale", language="en", currency="RUB")
    client = logged_in(anna)
    assert client.get(reverse("deals:board_last")).url == reverse("deals:board", args=[pipeline.pk])
    answer = client.get(reverse("deals:board", args=[other.pk]))
    assert answer.cookies["board"]["httponly"]
    assert client.get(reverse("deals:board_last")).url == reverse("deals:board", args=[other.pk])


def test_without_any_pipeline_the_board_says_so(logged_in, admin):
    assert "There is no funnel yet" in logged_in(admin).get(reverse("deals:board_last")).content.decode()


def test_who_may_not_move_has_neither_menu_nor_drag(logged_in, observer, deal, board_url):
    page = logged_in(observer).get(board_url).content.decode()
    assert deal.title in page
    assert 'data-href="/deals/' not in page
    assert "data-move" not in page


def test_the_board_costs_the_same_queries_for_3_and_for_60_deals(
    logged_in, owner, anna, stages, contact, organization, board_url, django_assert_num_queries
):
    def fill(count):
        for number in range(count):
            Deal.objects.make(
                by=anna, stage=stages[number % 3], title="Deal", contact=contact, organization=organization
            )

    client = logged_in(owner)
    client.get(board_url)
    fill(3)
    with django_assert_num_queries(15):
        client.get(board_url)
    fill(57)
    with django_assert_num_queries(15):
        client.get(board_url)


def test_an_empty_board_says_what_to_do(logged_in, anna, observer, pipeline, board_url):
    answer = logged_in(anna).get(board_url).text
    nothing = answer[answer.index('id="board-nothing"') :].partition("stage-switch")[0]
    assert reverse("deals:deal_new") in nothing
    observed = logged_in(observer).get(board_url).text
    assert reverse("deals:deal_new") not in observed[observed.index('id="board-nothing"') :]


def test_the_board_offers_only_teams_of_the_people_one_sees(
    logged_in, head, anna, boris, vera, team, other_team, deal, board_url
):
    text = logged_in(head).get(board_url).text
    assert "filter-responsible" in text
    assert "filter-team" not in text  # he has but one
    Team.objects.create(name="Juniors", parent=team).users.add(boris)
    text = logged_in(head).get(board_url).text
    assert re.findall(r'for="id_team_\d">([^<]*)<', text) == ["all", "First team", "\u2003Juniors"]
