"""The admin makes colleagues and roles; nobody raises himself, the last admin stays (TRUST S10)."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, Role, SecurityEvent, Team, User
from tests.world import PASSWORD


@pytest.fixture
def client_of_admin(logged_in, admin):
    return logged_in(admin)


def fields_of(person, **changes):
    """What the form of `person` posts, with `changes`; None leaves a box unticked."""
    posted = {
        "first_name": person.first_name,
        "patronymic": person.patronymic,
        "last_name": person.last_name,
        "email": person.email or "",
        "role": person.role_id,
        "team": person.team_id or "",
        "can_log_in": "on" if person.can_log_in else None,
        "is_active": "on" if person.is_active else None,
        "language": person.language,
        "time_zone": person.time_zone,
        "new_password": "",
    } | changes
    return {name: value for name, value in posted.items() if value is not None}


def change(client, person, **changes):
    return client.post(
        reverse("admin:accounts_user_change", args=[person.pk]), fields_of(person, **changes), follow=True
    )


def test_the_admin_makes_a_colleague_who_can_log_in_at_once(client_of_admin, team):
    new = User(first_name="Galina", last_name="Ershova", role=Role.objects.get(code="manager"), team=team)
    answer = client_of_admin.post(
        reverse("admin:accounts_user_add"),
        fields_of(new, email="Galina@Example.com", can_log_in="on", new_password=PASSWORD),
    )
    assert answer.status_code == 302
    made = User.objects.get(email="galina@example.com")
    assert made.may_enter
    assert Client().login(username="galina@example.com", password=PASSWORD)
    assert SecurityEvent.objects.filter(kind="access_changed", particulars__person=made.pk).exists()


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


@pytest.mark.parametrize("password", ["short", "1234567890", "password1234"])
def test_a_poor_password_is_refused_and_nothing_is_saved(client_of_admin, anna, password):
    before = User.objects.get(pk=anna.pk).password
    answer = change(client_of_admin, anna, new_password=password, first_name="X")
    if password != "password1234":
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


def test_nobody_changes_his_own_role(client_of_admin, admin):
    change(client_of_admin, admin, role=Role.objects.get(code="owner").pk)
    admin.refresh_from_db()
    assert admin.role.code == "admin"


@pytest.mark.parametrize("box", ["can_log_in", "is_active"])
def test_the_last_admin_stays(client_of_admin, admin, box):
    answer = change(client_of_admin, admin, **{"can_log_in": None, box: None})
    assert "last administrator" in answer.text
    admin.refresh_from_db()
    assert admin.may_enter


def test_who_leaves_is_out_and_stays_in_history(client_of_admin, anna, logged_in):
    session = logged_in(anna)
    change(client_of_admin, anna, can_log_in=None, is_active=None)
    anna.refresh_from_db()
    assert not anna.is_active
    assert session.get(reverse("accounts:profile")).status_code == 302
    assert client_of_admin.post(
        reverse("admin:accounts_user_delete", args=[anna.pk]), {"post": "yes"}
    ).status_code == 403  # fmt: skip


def test_an_email_of_somebody_else_is_said_in_the_form(client_of_admin, anna, boris):
    answer = change(client_of_admin, anna, email="BORIS@example.com")
    assert answer.context["adminform"].form.errors["email"]


def role_fields(role, **changes):
    scopes = list(role.scopes.all())
    posted = {
        "name": role.name,
        "funnel": role.funnel,
        "may_import": "on" if role.may_import else None,
        "configures": "on" if role.configures else None,
        "scopes-TOTAL_FORMS": len(scopes),
        "scopes-INITIAL_FORMS": len(scopes),
    }
    for number, scope in enumerate(scopes):
        posted |= {f"scopes-{number}-id": scope.pk, f"scopes-{number}-role": role.pk} | {
            f"scopes-{number}-{name}": getattr(scope, name)
            for name in ("view", "change", "archive", "export")
        }
    posted |= changes
    return {name: value for name, value in posted.items() if value is not None}


def test_the_last_role_that_configures_goes_on_doing_so(client_of_admin, admin):
    answer = client_of_admin.post(
        reverse("admin:accounts_role_change", args=[admin.role_id]), role_fields(admin.role, configures=None)
    )
    assert "last administrator" in answer.text
    assert Role.objects.get(pk=admin.role_id).configures


def test_a_scope_beyond_what_a_role_sees_is_said_in_the_form(client_of_admin, company):
    role = Role.objects.get(code="observer")
    answer = client_of_admin.post(
        reverse("admin:accounts_role_change", args=[role.pk]),
        role_fields(role, **{"scopes-0-view": 1, "scopes-0-change": 3}),
    )
    assert answer.status_code == 200
    assert "what it doesn&#x27;t see" in answer.text
    assert role.scopes.first().view == 3


def test_changed_scopes_are_written_down(client_of_admin, company):
    role = Role.objects.get(code="manager")
    client_of_admin.post(
        reverse("admin:accounts_role_change", args=[role.pk]), role_fields(role, **{"scopes-0-view": 3})
    )
    assert role.scopes.first().view == 3
    assert SecurityEvent.objects.filter(kind="role_changed", particulars__role=role.name).exists()


def test_a_new_role_begins_with_ones_own_records(client_of_admin, company):
    answer = client_of_admin.post(reverse("admin:accounts_role_add"), {"name": "Trainee", "funnel": 1})
    role = Role.objects.get(name="Trainee")
    assert answer["Location"] == reverse("admin:accounts_role_change", args=[role.pk])
    assert {scope.view for scope in role.scopes.all()} == {1}
    assert role.scopes.count() == 3


def test_a_role_in_use_and_a_ready_one_stay_an_unused_one_goes(client_of_admin, anna):
    spare = Role.objects.create(name="Spare")
    addresses = [reverse("admin:accounts_role_delete", args=[pk]) for pk in (anna.role_id, spare.pk)]
    assert [client_of_admin.post(each, {"post": "yes"}).status_code for each in addresses] == [403, 302]
    assert Role.objects.filter(pk=anna.role_id).exists()
    assert not Role.objects.filter(pk=spare.pk).exists()


def test_a_team_is_never_part_of_itself(client_of_admin, office, team):
    answer = client_of_admin.post(
        reverse("admin:accounts_team_change", args=[office.pk]), {"name": "Office", "parent": team.pk}
    )
    assert answer.context["adminform"].form.errors["parent"]
    assert Team.objects.get(pk=office.pk).parent is None


def test_the_company_is_one_page(client_of_admin, company):
    answer = client_of_admin.get(reverse("admin:accounts_company_changelist"))
    assert answer["Location"] == reverse("admin:accounts_company_change", args=[1])
    assert client_of_admin.get(reverse("admin:accounts_company_add")).status_code == 403
    client_of_admin.post(
        answer["Location"],
        {"name": "New", "country": "KZ", "language": "ru", "time_zone": "Asia/Almaty", "currency": "KZT"},
    )
    assert Company.objects.current().country == "KZ"


def test_the_record_of_security_is_only_read(client_of_admin, anna):
    event = SecurityEvent.objects.record("logged_in", user=anna)
    assert client_of_admin.get(reverse("admin:accounts_securityevent_changelist")).status_code == 200
    for name in ("change", "delete"):
        address = reverse(f"admin:accounts_securityevent_{name}", args=[event.pk])
        assert client_of_admin.post(address, {"post": "yes", "kind": "logged_out"}).status_code == 403
    assert SecurityEvent.objects.get(pk=event.pk).kind == "logged_in"
