"""The admin makes directories, entries and fields, and merges entries."""

import pytest
from django.urls import reverse

from directories.models import CustomField, Directory, Entry


@pytest.fixture
def client_of_admin(logged_in, admin):
    return logged_in(admin)


@pytest.fixture
def cities(company):
    directory = Directory.objects.create(code="cities", name="Cities")
    Entry.objects.create(directory=directory, name="Kazan")
    return directory


def field_data(**changes):
    return {
        "entity": "deal",
        "directory": "",
        "kind": "number",
        "choices_from": "",
        "label_ru": "Размер партии",
        "label_en": "",
        "help_ru": "",
        "help_en": "",
        "code": "",
        "position": 1,
        "is_active": "on",
    } | {"label_en": "Batch size"} | changes  # fmt: skip


def add_field(client, **changes):
    return client.post(reverse("admin:directories_customfield_add"), field_data(**changes))


def test_a_directory_gets_its_code_from_its_name_and_its_entries_with_it(client_of_admin, company):
    answer = client_of_admin.post(
        reverse("admin:directories_directory_add"),
        {
            "name": "Города России",
            "code": "",
            "entries-TOTAL_FORMS": 2,
            "entries-INITIAL_FORMS": 0,
            "entries-0-name": "Казань",
            "entries-0-position": 1,
            "entries-1-name": "",
            "entries-1-position": 0,
        },
    )
    assert answer.status_code == 302
    directory = Directory.objects.get(code="goroda-rossii")
    assert [entry.name for entry in directory.entries.all()] == ["Казань"]


def test_two_entries_of_one_name_are_refused_in_the_form(client_of_admin, cities):
    kazan = cities.entries.get()
    answer = client_of_admin.post(
        reverse("admin:directories_directory_change", args=[cities.pk]),
        {
            "name": "Cities",
            "entries-TOTAL_FORMS": 2,
            "entries-INITIAL_FORMS": 1,
            "entries-0-id": kazan.pk,
            "entries-0-directory": cities.pk,
            "entries-0-name": "Kazan",
            "entries-0-position": 1,
            "entries-1-directory": cities.pk,
            "entries-1-name": "Kazan",
            "entries-1-position": 2,
        },
    )
    assert answer.status_code == 200
    assert "an entry of this name already" in answer.text
    assert cities.entries.count() == 1
    alone = client_of_admin.post(
        reverse("admin:directories_entry_add"),
        {"directory": cities.pk, "name": "Kazan", "color": 1, "position": 0},
    )
    assert alone.context["adminform"].form.errors["name"]


def test_a_field_gets_a_code_from_its_label_that_is_not_taken(client_of_admin, company):
    assert add_field(client_of_admin).status_code == 302
    assert add_field(client_of_admin).status_code == 302
    assert list(CustomField.objects.order_by("pk").values_list("code", flat=True)) == [
        "batch_size",
        "batch_size_2",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"entity": "entry"}, "directory"),
        ({"kind": "entry"}, "choices_from"),
        ({"kind": "money"}, "kind"),
        ({"entity": "user"}, "entity"),
        ({"code": "Bad Code"}, "code"),
        ({"code": "a__b; DROP"}, "code"),
        ({"label_en": ""}, "label_en"),
    ],
)
def test_what_a_field_lacks_is_said_at_its_place(client_of_admin, company, changes, field):
    answer = add_field(client_of_admin, **changes)
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert not CustomField.objects.exists()


def test_what_a_field_is_stays_as_it_was_made(client_of_admin, company):
    add_field(client_of_admin, code="batch")
    field = CustomField.objects.get()
    client_of_admin.post(
        reverse("admin:directories_customfield_change", args=[field.pk]),
        field_data(entity="contact", kind="text", code="other", label_en="Lot", filter_often="on"),
    )
    field.refresh_from_db()
    assert (field.entity, field.kind, field.code) == ("deal", "number", "batch")
    assert (field.label_en, field.filter_often) == ("Lot", True)


@pytest.mark.parametrize(("kind", "is_without"), [("number", True), ("text", False)])
def test_only_a_number_can_be_without_thousands(client_of_admin, company, kind, is_without):
    add_field(client_of_admin, kind=kind, without_thousands="on")
    field = CustomField.objects.get()
    assert field.without_thousands == is_without
    page = client_of_admin.get(reverse("admin:directories_customfield_change", args=[field.pk])).text
    assert ("without_thousands" in page) == is_without


def test_an_entry_has_the_own_fields_of_its_directory(client_of_admin, cities):
    add_field(client_of_admin, entity="entry", directory=cities.pk, code="people")
    kazan = cities.entries.get()
    address = reverse("admin:directories_entry_change", args=[kazan.pk])
    assert "custom__people" in client_of_admin.get(address).text
    data = {"name": "Kazan", "color": 2, "position": 0, "custom__people": "1 319 000,5"}
    refused = client_of_admin.post(address, data | {"custom__people": "many"})
    assert refused.context["adminform"].form.errors["custom__people"]
    client_of_admin.post(address, data)
    kazan.refresh_from_db()
    assert kazan.custom == {"people": 1319000.5}
    assert "319" in client_of_admin.get(address).text


def test_the_page_of_retiring_says_who_holds_the_entry_and_merges_it(client_of_admin, anna, deal, source):
    deal.change({"source": source}, by=anna)
    target = Entry.objects.create(directory=source.directory, name="Shop")
    address = reverse("admin:directories_entry_retire", args=[source.pk])
    page = client_of_admin.get(address).text
    assert "deals, field “source”: <strong>1</strong>" in page
    assert client_of_admin.post(address, {"target": target.pk}).status_code == 303
    deal.refresh_from_db()
    assert deal.source == target


def test_an_entry_whose_name_is_taken_does_not_come_back(client_of_admin, admin, source):
    source.retire(by=admin)
    Entry.objects.create(directory=source.directory, name=source.name)
    answer = client_of_admin.post(reverse("admin:directories_entry_back", args=[source.pk]), follow=True)
    assert "Rename one of them first" in answer.text
    assert Entry.objects.get(pk=source.pk).is_retired


@pytest.mark.parametrize("model", ["directory", "entry"])
def test_nothing_is_deleted(client_of_admin, source, model):
    row = source if model == "entry" else source.directory
    address = reverse(f"admin:directories_{model}_delete", args=[row.pk])
    assert client_of_admin.post(address, {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()
