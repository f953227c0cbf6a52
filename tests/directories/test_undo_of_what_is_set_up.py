"""One change of what is set up taken back: of a stage, an entry, a field, a person, a role, a team."""

import pytest
from django.urls import reverse

from accounts.models import Role, SecurityEvent, Team
from accounts.refusals import LastAdmin, OwnRights
from accounts.tracking import TRACKED
from directories.history import history_of, undo_setting
from directories.models import CustomField, Directory, Entry
from directories.refusals import ChangedSince, DoesNotFit, NothingToPutBack
from records.models import Record
from records.refusals import NotAllowed

pytestmark = pytest.mark.django_db


def now(row):
    return type(row)._base_manager.get(pk=row.pk)


def last(row):
    """Return the newest row of the change history."""
    return row.changes.order_by("pgh_id").last()


def change(row, **values):
    """Change the row as the administration does."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return last(row)


def undo_of(row):
    return reverse("directories:change_undo", args=[row._meta.model_name, row.pk, last(row).pk])


@pytest.fixture
def car(company):
    """A car that has a colour of its own."""
    cars = Directory.objects.create(code="cars", name="Cars")
    CustomField.objects.create(
        entity="entry", directory=cars, code="paint", kind="text", label_en="Paint", label_ru="Краска"
    )
    return Entry.objects.create(directory=cars, name="Niva", custom={"paint": "green"})


def test_a_stage_gets_its_name_and_limit_back(stages, admin, logged_in):
    stage = stages[1]
    before = stage.name, stage.idle_days
    change(stage, name="Talks", idle_days=4)
    page = reverse("directories:record_history", args=["stage", stage.pk])
    client = logged_in(admin)
    assert undo_of(stage) in client.get(page).text
    address = undo_of(stage)
    assert client.post(address).status_code == 303
    assert (now(stage).name, now(stage).idle_days) == before
    text = client.get(page).text
    assert "undoing a change" in text
    assert address not in text, "what was undone is offered once more"


def test_an_entry_gets_its_name_and_own_values_back(car, admin):
    change(car, name="Lada", custom={"paint": "red"})
    undo_setting(car, last(car), by=admin)
    assert (now(car).name, now(car).custom) == ("Niva", {"paint": "green"})


def test_a_hidden_field_is_shown_again(car, admin):
    field = CustomField.objects.get(code="paint")
    change(field, is_active=False, label_en="Coat")
    undo_setting(field, last(field), by=admin)
    assert (now(field).is_active, now(field).label_en) == (True, "Paint")


def test_a_person_gets_his_role_back_and_the_record_of_security_tells_it(boris, admin):
    observers, managers = Role.objects.get(code="observer"), boris.role
    boris.change(role=observers, by=admin)
    undo_setting(boris, last(boris), by=admin)
    assert now(boris).role == managers
    assert SecurityEvent.objects.latest("pk").kind == SecurityEvent.Kind.ROLE_CHANGED


def test_a_role_and_its_scope_get_their_rights_back(company, admin):
    role = Role.objects.get(code="manager")
    role.may_import = True
    role.save_as(by=admin)
    scope = role.scopes.get(entity="deal")
    scope.view = 3
    role.save_scopes([scope], by=admin)
    undo_setting(role, last(role), by=admin)
    undo_setting(scope, last(scope), by=admin)
    assert (now(role).may_import, now(scope).view) == (False, 1)


def test_a_team_goes_back_to_where_it_was(boris, admin):
    house = Team.objects.create(name="House")
    before = boris.team.parent
    change(boris.team, parent=house)
    undo_setting(boris.team, last(boris.team), by=admin)
    assert now(boris.team).parent == before


def test_the_rules_of_the_doors_hold_for_an_undo_too(admin, company):
    role = Role.objects.get(code="admin")
    change(role, configures=False)
    change(role, configures=True)
    with pytest.raises((OwnRights, LastAdmin)):
        undo_setting(role, last(role), by=admin)
    assert now(role).configures


def test_what_was_changed_again_since_is_refused_and_nothing_is_put_back(stages, admin):
    stage = stages[1]
    first = change(stage, name="Talks", color=3)
    change(stage, name="Long talks")
    with pytest.raises(ChangedSince, match="Long talks"):
        undo_setting(stage, first, by=admin)
    assert now(stage).color == 3


def test_a_name_that_another_one_has_by_now_is_refused_with_its_sentence(car, admin, logged_in):
    change(car, name="Lada")
    Entry.objects.create(directory=car.directory, name="Niva")
    with pytest.raises(DoesNotFit):
        undo_setting(car, last(car), by=admin)
    answer = logged_in(admin).post(undo_of(car))
    assert answer.status_code == 409
    assert "The directory has an entry of this name already." in answer.text


def test_out_of_use_and_back_again_goes_by_its_own_door(stages, admin):
    stages[1].retire(by=admin)
    [told] = history_of(now(stages[1])).changes
    assert not told.may_go_back
    with pytest.raises(NothingToPutBack):
        undo_setting(stages[1], last(stages[1]), by=admin)


def test_only_who_configures_takes_it_back(car, anna, owner, logged_in):
    change(car, name="Lada")
    for person in (anna, owner):
        with pytest.raises(NotAllowed):
            undo_setting(car, last(car), by=person)
        client = logged_in(person)
        assert client.post(undo_of(car)).status_code == 403
        assert undo_of(car) not in client.get(f"/history/entry/{car.pk}/").text
    assert now(car).name == "Lada"


def test_whatever_is_set_up_and_has_a_history_says_what_goes_back():
    for model in TRACKED:
        if not issubclass(model, Record):
            names = {field.name for field in model._meta.get_fields()}
            assert set(model.put_back) <= names, model
