"""The admin makes colleagues and roles; nobody raises himself, the last admin stays (TRUST S10)."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, Role, SecurityEvent, Team, User
from tests.filled import admin_page, fill_in, form_of
from tests.world import PASSWORD


@pytest.fixture
def client_of_admin(logged_in, admin):
    return logged_in(admin)


def change(client, person, forged=None, **changes):
    page = admin_page(User, "change", person.pk)
    return fill_in(client, page, changes, forged=forged, follow=True)


def events_of(person, kind):
    return SecurityEvent.objects.filter(kind=kind, particulars__person=person.pk)


def test_the_admin_makes_a_colleague_who_can_log_in_at_once(client_of_admin, team):
    answer = fill_in(
        client_of_admin,
        admin_page(User, "add"),
        first_name="Galina",
        last_name="Ershova",
        role=Role.objects.get(code="manager").pk,
        team=team.pk,
        email="Galina@Example.com",
        new_password=PASSWORD,
    )
    assert answer.status_code == 302
    made = User.objects.get(email="galina@example.com")
    assert (made.may_enter, made.team) == (True, team)
    assert Client().login(username="galina@example.com", password=PASSWORD)
    kinds = ["role_changed", "team_changed", "email_changed", "access_changed", "password_changed"]
    assert [events_of(made, kind).count() for kind in kinds] == [1] * len(kinds)


def test_who_came_by_an_import_gets_an_email_and_a_password(client_of_admin, team):
    person = User.objects.create_user(
        first_name="Kary", last_name="Hendrixson", role=Role.objects.get(code="manager"), team=team
    )
    refused = change(client_of_admin, person, can_log_in="on")
    assert set(refused.context["adminform"].form.errors) == {"email", "new_password"}
    person.refresh_from_db()
    assert not person.can_log_in
    change(client_of_admin, person, can_log_in="on", email="kary@example.com", new_password=PASSWORD)
    assert Client().login(username="kary@example.com", password=PASSWORD)


@pytest.mark.parametrize("password", ["short", "1234567890"])
def test_a_poor_password_is_refused_and_nothing_is_saved(client_of_admin, anna, password):
    before = User.objects.get(pk=anna.pk).password
    answer = change(client_of_admin, anna, new_password=password, first_name="X")
    assert answer.context["adminform"].form.errors["new_password"]
    anna.refresh_from_db()
    assert (anna.first_name, anna.password) == ("Anna", before)


def test_a_role_is_given_by_its_door_which_keeps_a_record(client_of_admin, anna, admin):
    head = Role.objects.get(code="head")
    change(client_of_admin, anna, role=head.pk)
    anna.refresh_from_db()
    assert anna.role == head
    event = SecurityEvent.objects.get(kind="role_changed")
    assert (event.user, event.particulars["person"]) == (admin, anna.pk)


def test_a_team_and_an_email_leave_a_trace_of_where_they_were_changed(client_of_admin, anna, other_team):
    before = anna.email, anna.team.name
    change(client_of_admin, anna, team=other_team.pk, email="anna@new.example")
    moved, renamed = events_of(anna, "team_changed").get(), events_of(anna, "email_changed").get()
    assert (renamed.particulars["before"], moved.particulars["before"]) == before
    assert (renamed.particulars["after"], moved.particulars["after"]) == ("anna@new.example", other_team.name)
    assert moved.address == "127.0.0.1"


def test_a_name_alone_is_no_event_of_security(client_of_admin, anna):
    count = SecurityEvent.objects.count()
    change(client_of_admin, anna, last_name="Petrova")
    anna.refresh_from_db()
    assert (anna.last_name, SecurityEvent.objects.count()) == ("Petrova", count)


def test_who_sets_his_own_password_stays_in(client_of_admin, admin):
    assert change(client_of_admin, admin, new_password="an-other-boat-of-four").status_code == 200
    assert client_of_admin.get(reverse("admin:index")).status_code == 200
    assert Client().login(username=admin.email, password="an-other-boat-of-four")


def test_nobody_changes_his_own_role(client_of_admin, admin):
    change(client_of_admin, admin, forged={"role": Role.objects.get(code="owner").pk})
    admin.refresh_from_db()
    assert admin.role.code == "admin"


@pytest.mark.parametrize("box", ["can_log_in", "is_active"])
def test_the_last_admin_stays(client_of_admin, admin, box):
    answer = change(client_of_admin, admin, **{box: None})
    assert "last administrator" in answer.text
    admin.refresh_from_db()
    assert admin.may_enter


def test_unticking_that_somebody_works_here_is_enough(client_of_admin, anna, logged_in):
    session = logged_in(anna)
    assert "last administrator" not in change(client_of_admin, anna, is_active=None).text
    anna.refresh_from_db()
    assert (anna.is_active, anna.can_log_in) == (False, False)
    assert session.get(reverse("accounts:profile")).status_code == 302
    assert client_of_admin.post(
        reverse("admin:accounts_user_delete", args=[anna.pk]), {"post": "yes"}
    ).status_code == 403  # fmt: skip


def test_an_email_of_somebody_else_is_said_in_the_form(client_of_admin, anna, boris):
    answer = change(client_of_admin, anna, email="BORIS@example.com")
    assert answer.context["adminform"].form.errors["email"]


def test_nobody_changes_what_his_own_role_may_do(client_of_admin, admin):
    page = admin_page(Role, "change", admin.role_id)
    text = client_of_admin.get(page).text
    assert "what his own role may do" in text
    assert set(form_of(text).controls) & {"funnel", "may_import", "configures", "scopes-0-view"} == set()
    scope = admin.role.scopes.first()
    forged = {"funnel": 0, "scopes-0-id": scope.pk, "scopes-0-role": admin.role_id, "scopes-0-view": 1}
    fill_in(client_of_admin, page, {"name": "Boss"}, forged=forged)
    role = Role.objects.get(pk=admin.role_id)
    assert (role.name, role.funnel, role.configures) == ("Boss", 3, True)
    assert role.scopes.first().view == 3


def test_a_scope_beyond_what_a_role_sees_is_said_in_the_form(client_of_admin, company):
    role = Role.objects.get(code="observer")
    page = admin_page(Role, "change", role.pk)
    answer = fill_in(client_of_admin, page, {"scopes-0-view": 1, "scopes-0-change": 3})
    assert answer.status_code == 200
    assert "what it doesn&#x27;t see" in answer.text
    assert role.scopes.first().view == 3


def test_changed_scopes_are_written_down(client_of_admin, company):
    role = Role.objects.get(code="manager")
    fill_in(client_of_admin, admin_page(Role, "change", role.pk), {"scopes-0-view": 3})
    assert role.scopes.first().view == 3
    event = SecurityEvent.objects.get(kind="role_changed")
    assert (event.particulars["role"], event.particulars["scopes"]) == (role.name, ["Contact"])


def test_a_new_role_begins_with_ones_own_records(client_of_admin, company):
    answer = fill_in(client_of_admin, admin_page(Role, "add"), name="Trainee", funnel=1)
    role = Role.objects.get(name="Trainee")
    assert answer["Location"] == reverse("admin:accounts_role_change", args=[role.pk])
    assert {scope.view for scope in role.scopes.all()} == {1}
    assert role.scopes.count() == 3


def test_a_role_in_use_and_a_ready_one_stay_an_unused_one_goes(client_of_admin, anna):
    spare = Role.objects.create(name="Spare")
    kept = client_of_admin.post(admin_page(Role, "delete", anna.role_id), {"post": "yes"})
    gone = fill_in(client_of_admin, admin_page(Role, "delete", spare.pk))
    assert (kept.status_code, gone.status_code) == (403, 302)
    assert Role.objects.filter(pk=anna.role_id).exists()
    assert not Role.objects.filter(pk=spare.pk).exists()


def test_a_team_is_never_part_of_itself(client_of_admin, office, team):
    answer = fill_in(client_of_admin, admin_page(Team, "change", office.pk), parent=team.pk)
    assert answer.context["adminform"].form.errors["parent"]
    assert Team.objects.get(pk=office.pk).parent is None


def test_the_company_is_one_page(client_of_admin, company):
    answer = client_of_admin.get(reverse("admin:accounts_company_changelist"))
    assert answer["Location"] == reverse("admin:accounts_company_change", args=[1])
    assert client_of_admin.get(reverse("admin:accounts_company_add")).status_code == 403
    place = {"country": "KZ", "time_zone": "Asia/Almaty", "currency": "KZT"}
    fill_in(client_of_admin, answer["Location"], {"name": "New", **place})
    assert Company.objects.current().country == "KZ"


def test_the_record_of_security_is_only_read(client_of_admin, anna):
    event = SecurityEvent.objects.record("logged_in", user=anna)
    answer = client_of_admin.get(reverse("admin:accounts_securityevent_changelist"))
    assert answer["Location"] == reverse("accounts:security_log")
    for name in ("change", "delete"):
        address = reverse(f"admin:accounts_securityevent_{name}", args=[event.pk])
        assert client_of_admin.post(address, {"post": "yes", "kind": "logged_out"}).status_code == 403
    assert SecurityEvent.objects.get(pk=event.pk).kind == "logged_in"
