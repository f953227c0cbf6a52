"""List, card and form of organizations."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Contact
from organizations.models import Organization

LIST = reverse("organizations:organization_list")
NEW = reverse("organizations:organization_new")


@pytest.fixture
def typed(anna):
    return {
        "token": str(uuid4()),
        "name": "Sberbank",
        "inn": "7707083893",
        "kpp": "773601001",
        "ogrn": "1027700132195",
        "site": "sberbank.ru",
        "phones": ["8 800 555-55-50"],
        "phones_label": ["work"],
        "owner": anna.pk,
    }


def test_the_form_makes_an_organization_once(logged_in, anna, typed):
    client = logged_in(anna)
    first = client.post(NEW, typed)
    assert first.status_code == 303
    assert client.post(NEW, typed).headers["Location"] == first.headers["Location"]
    made = Organization.objects.get()
    assert (made.inn, made.site, made.phone_keys) == ("7707083893", "https://sberbank.ru", ["+78005555550"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("inn", "7707083894"),
        ("ogrn", "1027700132196"),
        ("kpp", "12"),
        ("site", "javascript:alert(1)"),
        ("site", "ftp://sberbank.ru"),
        ("name", ""),
    ],
)
def test_a_mistake_is_said_at_its_field_and_what_was_typed_is_kept(logged_in, anna, typed, field, value):
    answer = logged_in(anna).post(NEW, typed | {field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "8 800 555-55-50" in answer.content.decode()
    assert not Organization.objects.exists()


@pytest.mark.parametrize("typed_site", ["not a site", "ftp://sberbank.ru", "javascript:alert(1)", "http://"])
def test_a_wrong_site_is_said_in_one_sentence(logged_in, anna, typed, typed_site):
    answer = logged_in(anna).post(NEW, typed | {"site": typed_site})
    assert len(answer.context["form"].errors["site"]) == 1
    with pytest.raises(ValidationError) as refusal:
        Organization._meta.get_field("site").clean(typed_site, None)
    assert len(refusal.value.messages) == 1


def test_a_mistake_in_an_inn_is_refused_in_place_too(logged_in, anna, organization):
    here = reverse("organizations:organization_field", args=[organization.pk, "inn"])
    assert logged_in(anna).post(here, {"value": "7707083894", "shown": '""'}).status_code == 422
    assert logged_in(anna).post(here, {"value": "7707083893", "shown": '""'}).status_code == 303
    organization.refresh_from_db()
    assert organization.inn == "7707083893"


@pytest.mark.parametrize("text", ["vector", "VECTOR log", "7707083893", "770708", "ve"])
def test_the_list_is_searched_by_name_and_inn(logged_in, anna, organization, text):
    organization.change({"inn": "7707083893"}, by=anna)
    Organization.objects.make(by=anna, name="Other")
    assert [each.pk for each in logged_in(anna).get(LIST, {"q": text}).context["page"]] == [organization.pk]


def test_a_strangers_organization_is_not_listed_and_its_card_is_a_404(logged_in, vera, organization):
    client = logged_in(vera)
    assert "Vector" not in client.get(LIST).content.decode()
    for name, args in (("card", []), ("edit", []), ("field", ["name"]), ("assign", [])):
        here = reverse(f"organizations:organization_{name}", args=[organization.pk, *args])
        assert client.get(here).status_code == 404


def test_the_card_shows_only_the_contacts_that_the_reader_sees(logged_in, anna, vera, organization, contact):
    foreign = Contact.objects.make(by=vera, first_name="Ivan", last_name="Foreign")
    Contact.objects.for_system("a test").filter(pk=foreign.pk).update(organization=organization)
    page = logged_in(anna).get(organization.get_absolute_url()).content.decode()
    assert contact.get_absolute_url() in page
    assert "Foreign" not in page


def test_an_organization_goes_to_the_archive_and_back(logged_in, anna, organization):
    client = logged_in(anna)
    client.post(reverse("organizations:organization_archive", args=[organization.pk]))
    assert [each.pk for each in client.get(LIST, {"archived": "1"}).context["page"]] == [organization.pk]
    client.post(reverse("organizations:organization_restore", args=[organization.pk]))
    assert [each.pk for each in client.get(LIST).context["page"]] == [organization.pk]


@pytest.mark.parametrize("page", ["list", "card"])
def test_a_page_costs_the_same_with_3_and_with_60_rows(logged_in, anna, organization, page):
    here = LIST if page == "list" else organization.get_absolute_url()
    client = logged_in(anna)

    def grow(count):
        for number in range(count):
            Organization.objects.make(by=anna, name=f"Part {number}", parent=organization)
            Contact.objects.make(by=anna, first_name=f"Man {number}", organization=organization)

    grow(3)
    client.get(here)
    with CaptureQueriesContext(connection) as few:
        client.get(here)
    grow(57)
    with CaptureQueriesContext(connection) as many:
        client.get(here)
    assert len(many) == len(few)
