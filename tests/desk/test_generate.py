"""Synthetic data is like real data, and its tables are as they were."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import Lead

from accounts.models import User
from contacts.models import Contact
from deals.models import Deal, StageHistory
from desk.synthetic import load
from desk.synthetic.bare import CONSTRAINTS, INDEXES
from pipeline.models import Pipeline
from tests.deals.stays import said_wrongly

pytestmark = pytest.mark.django_db(transaction=True)  # VACUUM


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.CRM_DATA_DIR = tmp_path


def guards():
    """The indexes and constraints of the tables that are loaded."""
    told = {}
    with connection.cursor() as cursor:
        for model in load.LOADED:
            for query in (INDEXES, CONSTRAINTS):
                cursor.execute(query, [model._meta.db_table])
                told |= dict(cursor.fetchall())
    return told


def test_it_loads_deals_with_their_past_and_puts_every_index_back():
    before = guards()
    call_command("generate", deals=400, open=100)
    assert guards() == before
    assert (Deal.objects.count(), Contact.objects.count()) == (400, 200)
    assert 60 < Deal.objects.open().count() < 140
    following = Window(Lead("entered_at"), partition_by="deal", order_by="entered_at")
    stays = StageHistory.objects.annotate(following=following)
    assert not stays.exclude(left_at=F("following")).exclude(left_at=None).exists()
    now = StageHistory.objects.current().filter(stage=F("deal__stage"), amount=F("deal__amount"))
    assert now.count() == StageHistory.objects.current().count() == 400
    assert not said_wrongly()


def test_numbers_go_on_after_what_was_loaded():
    call_command("generate", deals=20)
    owner = User.objects.get(email="owner@example.com")
    stage = Pipeline.objects.get().stages.in_order().first()
    assert Deal.objects.make(by=owner, stage=stage, title="Next").pk == 21


def test_a_base_with_data_is_refused(anna):
    with pytest.raises(CommandError, match="no demo's"):
        call_command("generate", deals=10)


def test_more_open_deals_than_deals_are_refused():
    with pytest.raises(CommandError, match="not more open"):
        call_command("generate", deals=10, open=11)
