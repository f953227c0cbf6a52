"""The real data of a sales team goes in through the import alone, whatever happens to it on the way."""

import csv
import datetime
from collections import Counter
from decimal import Decimal

import pytest
from django.db.models import Count, Sum

from accounts.models import Company, Role, User
from deals.models import Deal, StageHistory
from desk.demo.b2b import FOLDER
from directories.models import CustomField, Entry
from exchange.models import ImportRun
from organizations.models import Organization
from tests.deals.stays import said_wrongly

from .bases import clone, looking_at, manage, row_hashes

# the bases of this module are copied from the test's own one, which pytest-django makes only if asked
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WAIT_SECONDS = 240


def told(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def undisturbed(django_db_setup, django_db_blocker, tmp_path_factory):
    """A base into which the demo command has brought the set."""
    with django_db_blocker.unblock(), clone("b2b_undisturbed") as name:
        demo = manage(name, tmp_path_factory.mktemp("b2b"), "demo", "--data", "b2b")
        output, _errors = demo.communicate(timeout=WAIT_SECONDS)
        assert demo.returncode == 0, output
        yield name


@pytest.fixture
def b2b(undisturbed, django_db_blocker):
    with django_db_blocker.unblock(), looking_at(undisturbed):
        yield undisturbed


# What is in it, counted from the files themselves


def test_each_opportunity_is_a_deal_in_its_stage_with_its_amount(b2b):
    rows = told("sales_pipeline.csv")
    assert len({row["opportunity_id"] for row in rows}) == len(rows) == 8800
    in_file = Counter(row["deal_stage"] for row in rows)
    here = {
        row["stage__name"]: row
        for row in Deal.objects.values("stage__name").annotate(n=Count("pk"), sum=Sum("amount"))
    }
    assert {name: row["n"] for name, row in here.items()} == in_file
    won = sum(Decimal(row["close_value"]) for row in rows if row["deal_stage"] == "Won")
    assert here["Won"]["sum"] == won == 10_005_534
    assert here["Lost"]["sum"] == 0
    assert Deal.objects.filter(amount=None).count() == sum(not row["close_value"] for row in rows) == 2089
    assert Deal.objects.filter(organization=None).count() == sum(not row["account"] for row in rows) == 1425


def test_titles_products_and_reasons_are_as_the_mapping_says(b2b):
    rows = told("sales_pipeline.csv")
    meant = [row["product"].replace("GTXPro", "GTX Pro") for row in rows]
    assert Counter(Deal.objects.values_list("title", flat=True)) == Counter(
        ", ".join(filter(None, (product, row["account"]))) for product, row in zip(meant, rows, strict=True)
    )
    products = dict(Entry.objects.of("products").values_list("pk", "name"))
    chosen = Counter(products[pk] for pk in Deal.objects.values_list("custom__product", flat=True))
    assert chosen == Counter(meant)
    assert set(Deal.objects.filter(outcome="lost").values_list("lost_reason__name", flat=True)) == {
        "Not recorded"
    }
    run = ImportRun.objects.get(target="deal")
    assert run.report["replaced"] == {
        "product: GTXPro → GTX Pro": sum(row["product"] == "GTXPro" for row in rows)
    }
    assert run.counts == {"made": 8800, "changed": 0, "same": 0, "kept": 0, "refused": 0}


def test_agents_and_managers_work_here_in_their_teams_and_none_can_log_in(b2b):
    rows = told("sales_teams.csv")
    people = User.objects.filter(email=None).select_related("role", "team__parent")
    assert people.count() == 41
    assert not people.filter(can_log_in=True).exists()
    here = {(each.full_name, each.role.code, each.team.name, each.team.parent.name) for each in people}
    agents = {(row["sales_agent"], "manager", row["manager"], row["regional_office"]) for row in rows}
    heads = {(row["manager"], "head", row["manager"], row["regional_office"]) for row in rows}
    assert here == agents | heads
    by_agent = Counter(row["sales_agent"] for row in told("sales_pipeline.csv"))
    assert len(by_agent) == 30
    owners = Deal.objects.values("owner__first_name", "owner__last_name").annotate(n=Count("pk"))
    assert {f"{o['owner__first_name']} {o['owner__last_name']}": o["n"] for o in owners} == by_agent
    assert Role.objects.count() == 5


def test_organizations_have_their_fields_parents_and_the_owner(b2b):
    rows = told("accounts.csv")
    entries = dict(Entry.objects.values_list("pk", "name"))
    here = {each.name: each for each in Organization.objects.select_related("parent", "owner")}
    assert len(here) == len(rows) == 85
    for row in rows:
        each = here[row["account"]]
        assert (each.parent.name if each.parent else "") == row["subsidiary_of"]
        assert each.owner.email == "owner@example.com"
        assert entries[each.custom["sector"]] == row["sector"]
        assert entries[each.custom["country"]] == row["office_location"]
        assert Decimal(str(each.custom["revenue"])) == Decimal(row["revenue"])
        assert (each.custom["founded"], each.custom["employees"]) == (
            int(row["year_established"]),
            int(row["employees"]),
        )
    assert CustomField.objects.get(without_thousands=True).code == "founded"
    for code, column in (("sectors", "sector"), ("countries", "office_location")):
        assert set(Entry.objects.of(code).values_list("name", flat=True)) == {row[column] for row in rows}


def test_the_past_is_that_of_the_file_and_begins_nowhere_earlier(b2b):
    rows = told("sales_pipeline.csv")
    company = Company.objects.current()

    def midnight(text):
        month, day, year = map(int, text.split("/"))
        return company.midnight(datetime.date(year, month, day))

    expected: Counter = Counter()
    for row in rows:
        engaged = row["engage_date"] and midnight(row["engage_date"])
        closed = row["close_date"] and midnight(row["close_date"])
        if not engaged:
            expected[row["deal_stage"], None, None] += 1
        else:
            expected["Engaging", engaged, closed or None] += 1
            if closed:
                expected[row["deal_stage"], closed, None] += 1
    here = StageHistory.objects.values_list("stage__name", "entered_at", "left_at")
    assert Counter(here) == expected
    assert not said_wrongly()


def test_the_past_funnel_finds_the_oracle(b2b):
    company = Company.objects.current()
    ends = [company.end_of(datetime.date(2017, *day)) for day in ((3, 31), (6, 30), (9, 30), (12, 31))]
    engaging = StageHistory.objects.filter(stage__name="Engaging")
    last_moment = datetime.timedelta(microseconds=1)
    open_then = [engaging.open_at(end - last_moment).count() for end in ends]
    assert open_then == [1330, 1686, 2409, 1589]


# What happens to it


def test_the_set_again_writes_nothing(b2b, tmp_path):
    before = row_hashes(b2b)
    again = manage(
        b2b, tmp_path, "import_set", "b2b.toml", "--folder", str(FOLDER), "--as", "admin@example.com"
    )
    output, _errors = again.communicate(timeout=WAIT_SECONDS)
    assert again.returncode == 0, output
    after = row_hashes(b2b)
    assert {table for table in before if before[table] != after[table]} == {
        "exchange_importrun",
        "records_operation",
    }
    for run in ImportRun.objects.exclude(source="demo").order_by("-pk")[:10]:
        read = len(told(run.file_name))
        assert run.counts == {"made": 0, "changed": 0, "same": read, "kept": 0, "refused": 0}
