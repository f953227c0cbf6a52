"""The demo company: a base of its own, whole, and gone on with."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Company, User
from activities.models import Activity
from contacts.models import Contact
from deals.models import Deal, StageHistory
from organizations.models import Organization
from tests.deals.stays import said_wrongly

PASSWORD = "four-rivers-and-a-boat"


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.CRM_DATA_DIR = tmp_path
    settings.DEMO_PASSWORD = ""
    return tmp_path


def demo(**options):
    output = StringIO()
    call_command("demo", stdout=output, **options)
    return output.getvalue()


@pytest.fixture
def made(db):
    return demo()


def test_six_people_can_log_in_with_the_password_that_is_told_and_kept(made, folder):
    kept = folder / "demo-password"
    assert kept.stat().st_mode & 0o777 == 0o600
    people = User.objects.filter(can_log_in=True).order_by("pk")
    names = [user.email.partition("@")[0] for user in people]
    assert sorted(names) == ["admin", "anna", "boris", "head", "owner", "vera"]
    assert all(user.check_password(kept.read_text()) for user in people)
    assert kept.read_text() in made
    assert all(user.email in made for user in people)
    anna, boris, vera, head = (
        User.objects.get(email=f"{n}@example.com") for n in ("anna", "boris", "vera", "head")
    )
    assert anna.team == boris.team == head.team != vera.team


def test_the_company_has_customers_and_half_a_year_of_deals(made):
    assert Company.objects.current().name == "Финвер"
    assert (Contact.objects.count(), Organization.objects.count(), Deal.objects.count()) == (100, 30, 300)
    assert 40 < Deal.objects.open().count() < 110
    assert Deal.objects.filter(outcome="won").count() > 30
    assert Deal.objects.without_next_step().exists()
    assert Deal.objects.overdue().exists()


def test_stays_have_no_gap_and_end_where_the_deal_stands(made):
    for deal in Deal.objects.prefetch_related("stays"):
        stays = sorted(deal.stays.all(), key=lambda stay: stay.entered_at)
        assert stays[0].entered_at == deal.created_at
        assert [stay.left_at for stay in stays] == [*(stay.entered_at for stay in stays[1:]), None]
        now = stays[-1]
        assert (now.stage_id, now.amount, now.owner_id) == (deal.stage_id, deal.amount, deal.owner_id)
        assert now.entered_at == deal.stage_since
    assert not said_wrongly()


def test_the_next_step_is_the_one_that_the_door_would_write(made):
    for deal in Deal.objects.open():
        step = deal.activities.next_step()
        told = (step.due_at, step.kind, step.title) if step else (None, "", "")
        assert (deal.next_step_at, deal.next_step_kind, deal.next_step_title) == told


def test_run_again_it_makes_nothing_and_tells_the_same_password(made, folder):
    counts = [model.objects.count() for model in (User, Deal, StageHistory, Activity)]
    assert (folder / "demo-password").read_text() in demo()
    assert [model.objects.count() for model in (User, Deal, StageHistory, Activity)] == counts


def test_demo_password_lets_them_in_from_then_on(made, settings):
    settings.DEMO_PASSWORD = PASSWORD
    demo()
    assert User.objects.get(email="anna@example.com").check_password(PASSWORD)


def test_a_password_that_the_site_would_refuse_is_refused_here(db, settings):
    settings.DEMO_PASSWORD = "short"
    with pytest.raises(CommandError, match="10 characters"):
        demo()
    assert not User.objects.exists()


def test_a_base_with_anybodys_data_is_refused(anna):
    before = list(User.objects.values())
    with pytest.raises(CommandError, match="no demo's"):
        demo()
    assert list(User.objects.values()) == before


def test_another_demo_is_refused(made):
    with pytest.raises(CommandError, match="“finver”"):
        demo(data="b2b")
