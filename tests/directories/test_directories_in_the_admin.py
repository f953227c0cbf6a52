"""The admin makes directories, entries and fields, and merges entries."""

import re
from html import unescape

import pytest
from django.urls import reverse

from directories.kinds import KINDS, OFFERED
from directories.models import CustomField, Directory, Entry
from tests.filled import admin_page, fill_in


@pytest.fixture
def client_of_admin(logged_in, admin):
    return logged_in(admin)


@pytest.fixture
def cities(company):
    directory = Directory.objects.create(code="cities", name="Cities")
    Entry.objects.create(directory=directory, name="Kazan")
    return directory


def add_field(client, forged=None, **changes):
    words = {"label_ru": "Размер партии", "label_en": "Batch size"}
    data = {"entity": "deal", "kind": "number", **words, "position": 1, **changes}
    return fill_in(client, admin_page(CustomField, "add"), data, forged=forged)


def test_a_directory_gets_its_code_from_its_name_and_its_entries_with_it(client_of_admin, company):
    answer = fill_in(
        client_of_admin,
        admin_page(Directory, "add"),
        {"name": "Города России", "entries-0-name": "Казань", "entries-0-position": 1},
    )
    assert answer.status_code == 302
    directory = Directory.objects.get(code="goroda-rossii")
    assert [entry.name for entry in directory.entries.all()] == ["Казань"]


def test_two_entries_of_one_name_are_refused_in_the_form(client_of_admin, cities):
    page = admin_page(Directory, "change", cities.pk)
    answer = fill_in(client_of_admin, page, {"entries-1-name": "Kazan", "entries-1-position": 2})
    assert answer.status_code == 200
    assert "an entry of this name already" in answer.text
    assert cities.entries.count() == 1
    alone = fill_in(client_of_admin, f"{admin_page(Entry, 'add')}?directory={cities.pk}", name="Kazan")
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
        ({"label_en": ""}, "label_en"),
    ],
)
def test_what_a_field_lacks_is_said_at_its_place(client_of_admin, cities, changes, field):
    answer = add_field(client_of_admin, **changes)
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert not CustomField.objects.exists()


@pytest.mark.parametrize("forged", [{"kind": "money"}, {"entity": "user"}])
def test_what_the_form_does_not_offer_is_refused_at_its_place(client_of_admin, company, forged):
    answer = add_field(client_of_admin, forged=forged)
    assert set(answer.context["adminform"].form.errors) == set(forged)
    assert not CustomField.objects.exists()


@pytest.mark.parametrize("code", ["Bad Code", "a__b; DROP", "batch-size", "1st", "_x", "партия"])
def test_a_wrong_code_is_refused_in_one_sentence(client_of_admin, company, code):
    answer = add_field(client_of_admin, code=code)
    sentence = "Small latin letters, digits and _, the first one a letter."
    assert answer.context["adminform"].form.errors == {"code": [sentence]}
    assert not CustomField.objects.exists()


def field_of(kind, entity, directory):
    """A field of the company's, as the admin makes it."""
    return CustomField.objects.make(
        entity=entity,
        directory=directory if entity == CustomField.On.ENTRY else None,
        kind=kind,
        choices_from=directory if kind == KINDS["entry"].code else None,
        code="batch",
        label_ru="Партия",
        label_en="Batch",
    )


@pytest.mark.parametrize("entity", CustomField.On.values)
@pytest.mark.parametrize("kind", [kind.code for kind in OFFERED])
def test_a_field_is_renamed_and_taken_out_of_use_on_its_page(client_of_admin, cities, kind, entity):
    field = field_of(kind, entity, cities)
    answer = fill_in(
        client_of_admin, admin_page(CustomField, "change", field.pk), label_en="Lot", is_active=None
    )
    assert answer.status_code == 302
    field.refresh_from_db()
    assert (field.label_en, field.is_active, field.kind) == ("Lot", False, kind)


def test_what_a_field_is_stays_as_it_was_made(client_of_admin, company):
    add_field(client_of_admin, code="batch")
    field = CustomField.objects.get()
    forged = {"entity": "contact", "kind": "text", "code": "other"}
    page = admin_page(CustomField, "change", field.pk)
    answer = fill_in(client_of_admin, page, {"label_en": "Lot", "filter_often": "on"}, forged=forged)
    assert answer.status_code == 302
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
    page = admin_page(Entry, "change", kazan.pk)
    refused = fill_in(client_of_admin, page, custom__people="many")
    assert refused.context["adminform"].form.errors["custom__people"]
    fill_in(client_of_admin, page, {"color": 2, "custom__people": "1 319 000,5"})
    kazan.refresh_from_db()
    assert kazan.custom == {"people": 1319000.5}
    assert "319" in client_of_admin.get(page).text


def test_a_new_entry_has_the_own_fields_of_its_directory_at_once(client_of_admin, cities):
    add_field(client_of_admin, entity="entry", directory=cities.pk, code="people")
    page = f"{admin_page(Entry, 'add')}?directory={cities.pk}"
    answer = fill_in(client_of_admin, page, {"name": "Tver", "color": 3, "custom__people": "416000"})
    assert answer.status_code == 302
    made = Entry.objects.get(name="Tver")
    assert (made.directory, made.color, made.custom) == (cities, 3, {"people": 416000})


def test_a_new_entry_asks_first_to_which_directory_it_goes(client_of_admin, cities):
    for address in ("", "?directory=0", "?directory=x", "?directory=99999999999999999999"):
        page = client_of_admin.get(admin_page(Entry, "add") + address)
        assert page.status_code == 200
        assert f'href="?directory={cities.pk}"' in page.text
    assert client_of_admin.post(admin_page(Entry, "add"), {"name": "Tver"}).status_code == 200
    assert Entry.objects.count() == 1


def test_who_adds_an_entry_to_a_filtered_list_is_not_asked_again(client_of_admin, cities):
    listed = client_of_admin.get(f"{admin_page(Entry, 'changelist')}?directory__id__exact={cities.pk}").text
    add = unescape(re.search(r'href="([^"]+directory__id[^"]+)" class="addlink"', listed)[1])
    assert fill_in(client_of_admin, add, name="Tver").status_code == 302
    assert cities.entries.filter(name="Tver").exists()


def test_the_page_of_retiring_says_who_holds_the_entry_and_merges_it(client_of_admin, anna, deal, source):
    deal.change({"source": source}, by=anna)
    target = Entry.objects.create(directory=source.directory, name="Shop")
    address = admin_page(Entry, "retire", source.pk)
    page = client_of_admin.get(address).text
    assert "deals, field “source”: <strong>1</strong>" in page
    assert fill_in(client_of_admin, address, target=target.pk).status_code == 303
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
