"""What becomes of a row: made, the same, changed, kept as people have it, refused."""

import csv

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F

from contacts.models import Contact
from directories.models import CustomField
from exchange import engine
from exchange.models import ImportedChange, ImportedRow, ImportRun, RowRemark
from exchange.refusals import MappingMistake
from organizations.models import Organization
from records.models import Event

from .conftest import counts

ORGANIZATIONS = """
source = "shop"
entity = "organization"
external_id = "id"
responsible = "anna@example.com"
[fields]
name = "name"
site = "site"
parent = "part_of"
custom__staff = "staff"
"""


@pytest.fixture
def staff(company):
    return CustomField.objects.create(
        entity="organization", code="staff", kind="number", label_en="Staff", label_ru="Людей"
    )


@pytest.fixture
def row():
    return {"id": "A1", "name": "Acme", "site": "https://acme.example", "part_of": "", "staff": "1,200.5"}


def test_a_row_makes_a_record_with_its_responsible_and_an_event(bring_in, admin, anna, staff, row):
    bringing = bring_in(ORGANIZATIONS, [row], by=admin)
    made = Organization.objects.get()
    assert (made.name, made.owner, made.created_by, made.custom) == ("Acme", anna, admin, {"staff": 1200.5})
    assert Event.objects.of(made).get().kind == "record_made"
    assert counts(bringing) == {"made": 1}
    assert ImportedRow.objects.get().cells == row


def test_the_same_row_again_writes_nothing(bring_in, admin, anna, staff, row):
    bring_in(ORGANIZATIONS, [row], by=admin)
    before = Organization.objects.values().get(), ImportedRow.objects.values().get(), Event.objects.count()
    assert counts(bring_in(ORGANIZATIONS, [row], by=admin)) == {"same": 1}
    after = Organization.objects.values().get(), ImportedRow.objects.values().get(), Event.objects.count()
    assert after == before


def test_a_row_twice_in_a_file_is_one_record(bring_in, admin, anna, staff, row):
    assert counts(bring_in(ORGANIZATIONS, [row, row], by=admin)) == {"made": 1, "same": 1}
    assert Organization.objects.count() == 1


def test_a_later_row_that_says_something_else_of_the_same_record_is_refused(
    bring_in, admin, anna, staff, row
):
    rows = [row, row | {"name": "Acme Ltd"}, row | {"name": "Acme Inc"}, row]
    bringing = bring_in(ORGANIZATIONS, rows, by=admin)
    assert counts(bringing) == {"made": 1, "same": 1, "refused": 2}
    assert Organization.objects.get().name == "Acme"
    reason = "Row 2 has the same external id “A1” and says something else."
    assert list(RowRemark.objects.order_by("number").values_list("number", "text")) == [
        (3, reason),
        (4, reason),
    ]


@pytest.mark.parametrize("batch_rows", [1000, 2, 1])
def test_a_file_that_contradicts_itself_writes_nothing_when_it_comes_again(
    bring_in, admin, anna, staff, row, monkeypatch, batch_rows
):
    monkeypatch.setattr(engine, "BATCH_ROWS", batch_rows)
    rows = [row, row | {"id": "B"}, row | {"name": "Acme Ltd"}, row | {"id": "B", "name": "Beta"}]
    bring_in(ORGANIZATIONS, rows, by=admin)
    before = list(Organization.objects.order_by("pk").values()), list(ImportedRow.objects.values())
    assert counts(bring_in(ORGANIZATIONS, rows, by=admin)) == {"same": 2, "refused": 2}
    assert counts(bring_in(ORGANIZATIONS, rows, by=admin, dry=True)) == {"same": 2, "refused": 2}
    assert (list(Organization.objects.order_by("pk").values()), list(ImportedRow.objects.values())) == before


def test_a_run_that_goes_on_knows_what_it_read_before_it_was_cut_off(
    bring_in, admin, anna, staff, row, monkeypatch
):
    monkeypatch.setattr(engine, "BATCH_ROWS", 1)
    rows = [row, row | {"id": "B"}, row | {"name": "Acme Ltd"}]

    def cut_off(run):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(ORGANIZATIONS, rows, by=admin, tell_progress=cut_off)
    assert ImportRun.objects.get().position == 1
    assert counts(bring_in(ORGANIZATIONS, rows, by=admin)) == {"made": 2, "refused": 1}
    assert ImportRun.objects.get().status == "finished"


def test_a_changed_row_writes_only_what_changed_through_the_door(bring_in, admin, anna, staff, row):
    bring_in(ORGANIZATIONS, [row], by=admin)
    bringing = bring_in(ORGANIZATIONS, [row | {"staff": "1300"}], by=admin)
    made = Organization.objects.get()
    assert counts(bringing) == {"changed": 1}
    assert (made.custom, made.version) == ({"staff": 1300}, 2)
    told = Event.objects.of(made).get(kind="record_changed")
    assert told.particulars["changes"] == {"custom__staff": ["1200.5", 1300]}
    run = bringing.import_run
    assert ImportedChange.objects.get(run=run).replaced == {"custom__staff": 1200.5}
    change = made.changes.get()
    told_to_history = {"user": admin.pk, "import": run.pk, "operation": run.operation_id}
    assert change.pgh_context.metadata == told_to_history


def test_what_people_have_changed_since_is_kept_and_named(bring_in, admin, anna, staff, row):
    bring_in(ORGANIZATIONS, [row], by=admin)
    Organization.objects.get().change({"name": "Acme of Anna"}, by=anna)
    bringing = bring_in(ORGANIZATIONS, [row | {"name": "Acme Ltd", "site": "https://new.example"}], by=admin)
    made = Organization.objects.get()
    assert (made.name, made.site) == ("Acme of Anna", "https://new.example")
    assert "Acme Ltd" in RowRemark.objects.get(kind="kept").text
    with bringing.files["kept"].open(encoding="utf-8-sig") as file:
        assert list(csv.reader(file))[1][0] == "2"
    again = bring_in(ORGANIZATIONS, [row | {"name": "Acme Inc", "site": "https://new.example"}], by=admin)
    assert counts(again) == {"kept": 1}


def test_refused_rows_come_out_as_a_file_with_number_reason_and_columns(bring_in, admin, anna, staff, row):
    bad = [row | {"id": "B", "staff": "many"}, row | {"id": "C", "name": ""}, row | {"id": "D"}]
    bringing = bring_in(ORGANIZATIONS, bad, by=admin)
    assert counts(bringing) == {"made": 1, "refused": 2}
    path = bringing.files["refused"]
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(encoding="utf-8-sig") as file:
        header, first, second = csv.reader(file)
    assert header == ["row", "reason", *row]
    assert first[0] == "2"
    assert first[1].startswith("Staff: ")
    assert first[2:] == ["B", "Acme", "https://acme.example", "", "many"]
    assert second[:2] == ["3", "“Name” is empty."]


def test_a_subsidiary_waits_for_its_parent_wherever_that_stands(bring_in, admin, anna, staff, row):
    rows = [row | {"id": "C", "part_of": "B"}, row | {"id": "B", "part_of": "A"}, row | {"id": "A"}]
    assert counts(bring_in(ORGANIZATIONS, rows, by=admin)) == {"made": 3}
    named = {each.external_id: each.object_id for each in ImportedRow.objects.all()}
    parents = dict(Organization.objects.values_list("pk", "parent"))
    assert parents == {named["C"]: named["B"], named["B"]: named["A"], named["A"]: None}
    assert not RowRemark.objects.exists()


def test_parents_that_never_come_are_refused(bring_in, admin, anna, staff, row):
    rows = [row | {"id": "A", "part_of": "B"}, row | {"id": "B", "part_of": "A"}, row | {"id": "C"}]
    assert counts(bring_in(ORGANIZATIONS, rows, by=admin)) == {"made": 1, "refused": 2}


def test_a_dry_run_tells_what_would_happen_and_writes_nothing(bring_in, admin, anna, staff, row):
    bringing = bring_in(ORGANIZATIONS, [row, row | {"id": "B", "name": ""}], by=admin, dry=True)
    assert counts(bringing) == {"made": 1, "refused": 1}
    assert bringing.files["refused"].exists()
    for model in (Organization, ImportedRow, ImportRun, RowRemark, Event):
        assert not model.objects.exists()


def test_what_the_database_refuses_is_refused_alone(bring_in, admin, anna):
    mapping = """
source = "shop"
entity = "contact"
external_id = "id"
responsible = "anna@example.com"
[fields]
first_name = "first"
last_name = "last"
phones = "phone"
"""
    rows = [
        {"id": "1", "first": "Olga", "last": "", "phone": "8 (812) 555-01-42; +7 921 555 01 43"},
        {"id": "2", "first": "", "last": "", "phone": ""},
        {"id": "3", "first": "", "last": "Orlov", "phone": ""},
    ]
    bringing = bring_in(mapping, rows, by=admin)
    assert counts(bringing) == {"made": 2, "refused": 1}
    assert RowRemark.objects.get().text == "A contact needs a first name or a last name."
    assert Contact.objects.get(first_name="Olga").phone_keys == ["+78125550142", "+79215550143"]


def test_words_are_read_as_the_mapping_says_and_counted(bring_in, admin, anna, staff, row):
    mapping = ORGANIZATIONS + '[replace.name]\n"Acme" = "ACME Corporation"\n'
    bringing = bring_in(mapping, [row, row | {"id": "B"}], by=admin)
    assert set(Organization.objects.values_list("name", flat=True)) == {"ACME Corporation"}
    assert bringing.import_run.report["replaced"] == {"name: Acme → ACME Corporation": 2}


@pytest.mark.parametrize(
    ("decimal", "text", "number"),
    [
        (".", "1,234.5", 1234.5),
        (".", "1\u00a0234\u00a0567.25", 1234567.25),
        (",", "1\u2009234,5", 1234.5),
        (",", "1.234", 1234),
        (".", "−7", -7),
        (".", ".5", 0.5),
    ],
)
def test_a_number_is_read_as_the_mapping_says(bring_in, admin, anna, staff, row, decimal, text, number):
    bring_in(f'decimal = "{decimal}"\n{ORGANIZATIONS}', [row | {"staff": text}], by=admin)
    assert Organization.objects.get().custom == {"staff": number}


@pytest.mark.parametrize(
    ("decimal", "text"),
    [
        (".", "1234,50"),
        (".", "12,34,5.6"),
        (".", "1,2345"),
        (".", "0,123"),
        (".", "1e5"),
        (".", "٣٤"),
        (".", "1,234 567"),
        (".", "12\u00a034"),
        (",", "1234.50"),
        (",", "NaN"),
        (".", "1000 EUR"),
    ],
)
def test_a_number_that_the_mapping_reads_otherwise_is_refused(
    bring_in, admin, anna, staff, row, decimal, text
):
    bringing = bring_in(f'decimal = "{decimal}"\n{ORGANIZATIONS}', [row | {"staff": text}], by=admin)
    assert counts(bringing) == {"refused": 1}
    reason = RowRemark.objects.get().text
    assert f"Staff: “{text}” is no number" in reason
    assert f"“{decimal}” is before the decimals" in reason
    assert not Organization.objects.exists()


def test_a_field_that_names_no_record_is_named_by_nothing(bring_in, admin, anna, staff, row):
    mapping = ORGANIZATIONS.replace('site = "site"', 'site = { column = "site", by = "zzz" }')
    with pytest.raises(MappingMistake, match="“site” by zzz"):
        bring_in(mapping, [row], by=admin)


@pytest.mark.parametrize("name", ["anna", "head", "observer"])
def test_a_role_without_the_right_brings_nothing_in(bring_in, staff, row, name, request, anna):
    with pytest.raises(PermissionDenied):
        bring_in(ORGANIZATIONS, [row], by=request.getfixturevalue(name))
    assert not Organization.objects.exists()


def test_who_may_import_and_not_configure_brings_no_people_in(bring_in, owner, row):
    mapping = 'source = "s"\nentity = "user"\nexternal_id = "id"\n[fields]\nfull_name = "name"\n'
    with pytest.raises(PermissionDenied):
        bring_in(mapping + 'role = { value = "admin" }\n', [row], by=owner)


def test_a_scope_narrower_than_all_holds_for_imports_too(bring_in, head, vera, staff, row):
    head.role.may_import = True
    head.role.save()
    mapping = ORGANIZATIONS.replace("anna@", "vera@")
    assert counts(bring_in(mapping, [row], by=head)) == {"refused": 1}
    assert not Organization.objects.exists()


def test_of_own_and_foreign_rows_only_the_own_ones_go_in_and_the_counts_say_so(
    bring_in, head, anna, vera, staff, row
):
    """S5: what is done to many records at once asks for each of them."""
    head.role.may_import = True
    head.role.save()
    mapping = ORGANIZATIONS.replace('site = "site"', 'owner = { column = "site", by = "email" }')
    owners = ("anna@example.com", "vera@example.com", "boris@nowhere.example", "anna@example.com")
    rows = [row | {"id": f"{number}", "site": owner} for number, owner in enumerate(owners)]
    assert counts(bring_in(mapping, rows, by=head)) == {"made": 2, "refused": 2}
    assert {each.owner for each in Organization.objects.all()} == {anna}
    theirs = Organization.objects.make(by=vera, name="Of Vera")
    ImportedRow.objects.filter(external_id="0").update(object_id=theirs.pk)
    again = [each | {"name": "Changed"} for each in rows]
    assert counts(bring_in(mapping, again, by=head)) == {"changed": 1, "refused": 3}
    assert Organization.objects.get(pk=theirs.pk).name == "Of Vera"


def test_a_field_that_is_not_here_is_named(bring_in, admin, anna, row):
    with pytest.raises(MappingMistake, match="custom__staff"):
        bring_in(ORGANIZATIONS, [row], by=admin)


def test_one_source_has_one_import_at_a_time(bring_in, admin, anna, staff, row):
    bring_in(ORGANIZATIONS, [row], by=admin)
    ImportRun.objects.update(status="running", finished_at=None, position=F("position"))
    assert counts(bring_in(ORGANIZATIONS, [row | {"id": "B"}], by=admin)) == {"made": 1}
    assert list(ImportRun.objects.order_by("pk").values_list("status", flat=True)) == ["given_up", "finished"]
