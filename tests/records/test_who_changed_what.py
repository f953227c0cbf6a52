"""The change history of everything that people set up: what stood there before, who changed it, by what."""

import re

import pytest
from django.urls import reverse

from accounts.models import Role, Team, User
from accounts.tracking import TRACKED, changes_model
from desk.check.rules import broken_rules
from directories.models import CustomField, Entry
from pipeline.models import Stage

pytestmark = pytest.mark.django_db

SECRETS = re.compile("password|secret|token|key|otp|code_hash|login_at|last_login")


def test_whatever_is_set_up_has_a_history():
    assert {Stage, Entry, CustomField, User, Role, Team} <= set(TRACKED)


def test_no_history_holds_a_secret():
    kept = {
        f"{model.__name__}.{field.name}"
        for model in TRACKED
        for field in changes_model(model)._meta.fields
        if SECRETS.search(field.name)
    }
    assert kept == {"User.single_keys"} & kept  # of the keyboard


def test_the_history_of_a_stage_tells_who_renamed_it_by_which_request(admin, stages, logged_in):
    stage = stages[1]
    address = reverse("admin:pipeline_stage_change", args=[stage.pk])
    values = {"name": "Talks", "color": stage.color, "probability": 40, "idle_days": ""}
    answer = logged_in(admin).post(address, values)
    assert answer.status_code == 302
    change = stage.changes.order_by("pgh_id").first()
    assert change.name == stage.name
    told = change.pgh_context.metadata
    assert told["user"] == admin.pk
    assert told["url"] == address
    assert told["request"] == answer["X-Request-ID"]


def test_a_new_password_leaves_no_row_in_the_history(anna, admin):
    anna.change(by=admin, password="seven-lakes-and-a-raft")
    assert not anna.changes.exists()
    anna.change(by=admin, first_name="Ann")
    assert [change.first_name for change in anna.changes.all()] == ["Anna"]


def test_what_the_admin_deleted_is_no_dangling_row_for_the_check_of_the_base(admin, team):
    gone = Team.objects.create(name="Third team", parent=team)
    gone.name = "Fourth team"
    gone.save_as(by=admin)
    gone.delete()
    assert changes_model(Team).objects.filter(name="Fourth team", pgh_label="delete").exists()
    assert not list(broken_rules())
