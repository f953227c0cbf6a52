"""The form: one form makes one contact, doubles are shown, nothing typed or saved by others is lost."""

from uuid import uuid4

import pytest
from django.urls import reverse

from contacts.models import Contact
from directories.forms import SHOWN
from organizations.models import Organization

NEW = reverse("contacts:contact_new")


@pytest.fixture
def typed(anna):
    """What a person types into the form of a new contact."""
    return {
        "token": str(uuid4()),
        "last_name": "Ivanova",
        "first_name": "Anna",
        "owner": anna.pk,
        "phones": ["8 912 345-67-89", ""],
        "phones_label": ["mobile", "work"],
        "emails": ["Ivanova@Example.com"],
        "emails_label": ["work"],
    }


def posted(form):
    """The form as a browser would send it back: what it showed, typed and hidden."""
    data = {}
    for field in form:
        value = field.value()
        rows = hasattr(field.field, "kind")
        if rows:
            pairs = [row if isinstance(row, tuple) else field.field.kind.to_row(row) for row in value or ()]
            data[field.html_name] = [text for _label, text in pairs] or [""]
            data[f"{field.html_name}_label"] = [label for label, _text in pairs] or [""]
        elif value is not None:
            data[field.html_name] = value.isoformat() if hasattr(value, "isoformat") else value
    return data


def test_the_form_makes_a_contact_and_leads_to_its_card(logged_in, anna, typed):
    answer = logged_in(anna).post(NEW, typed)
    made = Contact.objects.get()
    assert answer.status_code == 303
    assert answer.headers["Location"] == made.get_absolute_url()
    assert made.owner == anna
    assert made.phone_keys == ["+79123456789"]
    assert made.email_keys == ["ivanova@example.com"]
    assert made.phones[0]["typed"] == "8 912 345-67-89"


def test_the_same_form_sent_twice_makes_one_contact(logged_in, anna, typed):
    client = logged_in(anna)
    first = client.post(NEW, typed)
    typed["save_anyway"] = "1"
    second = client.post(NEW, typed)
    assert Contact.objects.count() == 1
    assert second.headers["Location"] == first.headers["Location"]


def test_a_contact_without_any_name_is_refused_and_what_was_typed_is_kept(logged_in, anna, typed):
    answer = logged_in(anna).post(NEW, typed | {"last_name": "", "first_name": ""})
    assert answer.status_code == 422
    assert "8 912 345-67-89" in answer.content.decode()
    assert not Contact.objects.exists()


def test_an_organization_is_recognised_by_its_name(logged_in, anna, organization, typed):
    logged_in(anna).post(NEW, typed | {"organization": "vector LOGISTICS"})
    assert Contact.objects.get().organization == organization
    assert Organization.objects.count() == 1


def test_an_unknown_organization_is_made_with_the_contact(logged_in, anna, typed):
    logged_in(anna).post(NEW, typed | {"organization": "Newcomers Ltd"})
    made = Contact.objects.get()
    assert made.organization.name == "Newcomers Ltd"
    assert made.organization.owner == anna


def test_a_part_of_a_name_asks_which_one_is_meant_or_whether_it_is_new(logged_in, anna, organization, typed):
    client = logged_in(anna)
    answer = client.post(NEW, typed | {"organization": "Vector"})
    assert answer.status_code == 422
    assert "Vector Logistics" in answer.content.decode()
    assert 'value="+Vector"' in answer.content.decode()
    client.post(NEW, typed | {"organization": "+Vector"})
    assert Contact.objects.get().organization.name == "Vector"


def test_a_strangers_organization_is_neither_found_nor_told(logged_in, anna, vera, typed):
    foreign = Organization.objects.make(by=vera, name="Secret Ltd")
    absent = foreign.pk + 1000
    client = logged_in(anna)
    nameless = typed | {"organization": "Secr", "last_name": "", "first_name": ""}
    assert "Secret" not in client.post(NEW, nameless).content.decode()
    client.post(NEW, typed | {"organization": str(foreign.pk)})
    assert Contact.objects.get().organization.name == str(foreign.pk)
    client.post(NEW, typed | {"organization": str(absent), "token": str(uuid4()), "save_anyway": "1"})
    assert Contact.objects.latest("pk").organization.name == str(absent)


def test_a_visible_double_is_shown_once_with_a_link_and_can_be_saved_all_the_same(
    logged_in, anna, contact, typed
):
    client = logged_in(anna)
    typed["phones"] = ["+7 812 555 01 42"]
    answer = client.post(NEW, typed)
    assert answer.status_code == 422
    assert contact.get_absolute_url() in answer.content.decode()
    assert Contact.objects.count() == 1
    assert client.post(NEW, typed | {"save_anyway": "1"}).status_code == 303
    assert Contact.objects.count() == 2


def test_of_a_strangers_double_only_the_responsible_is_told(logged_in, vera, anna, contact, typed):
    typed |= {"phones": ["+7 812 555 01 42"], "owner": vera.pk}
    page = logged_in(vera).post(NEW, typed).content.decode()
    assert "responsible: Anna Kuzmina" in page
    assert "Samoylova" not in page
    assert contact.get_absolute_url() not in page


def test_doubles_are_told_while_a_phone_is_typed(logged_in, anna, vera, contact):
    doubles = reverse("contacts:contact_doubles")
    page = logged_in(anna).get(doubles, {"phones": "8(812)5550142"}).content.decode()
    assert "Samoylova" in page
    page = logged_in(vera).get(doubles, {"phones": ["8(812)5550142", "12"]}).content.decode()
    assert "Samoylova" not in page
    assert "Anna Kuzmina" in page
    page = logged_in(anna).get(doubles, {"phones": "8(812)5550142", "besides": contact.pk}).content.decode()
    assert "Samoylova" not in page


def test_different_fields_changed_at_once_are_both_kept(logged_in, anna, head, contact):
    client = logged_in(anna)
    here = reverse("contacts:contact_edit", args=[contact.pk])
    data = posted(client.get(here).context["form"])
    contact.change({"position": "Director"}, by=head)
    answer = client.post(here, data | {"needs": "A warehouse"})
    assert answer.status_code == 303
    contact.refresh_from_db()
    assert (contact.position, contact.needs) == ("Director", "A warehouse")


def test_the_same_field_changed_at_once_is_refused_with_both_values(logged_in, anna, head, contact):
    client = logged_in(anna)
    here = reverse("contacts:contact_edit", args=[contact.pk])
    data = posted(client.get(here).context["form"])
    contact.change({"position": "Director"}, by=head)
    answer = client.post(here, data | {"position": "Buyer", "needs": "A warehouse"})
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Head Headov", "Director", "Buyer", "A warehouse"):
        assert words in page
    contact.refresh_from_db()
    assert (contact.position, contact.needs) == ("Director", "")
    again = posted(answer.context["form"])
    assert client.post(here, again).status_code == 303
    contact.refresh_from_db()
    assert (contact.position, contact.needs) == ("Buyer", "A warehouse")


def test_a_form_saved_as_it_was_shown_writes_nothing(logged_in, anna, contact):
    client = logged_in(anna)
    here = reverse("contacts:contact_edit", args=[contact.pk])
    client.post(here, posted(client.get(here).context["form"]))
    version = contact.version
    contact.refresh_from_db()
    assert contact.version == version


def test_what_no_field_of_the_form_is_changes_nothing(logged_in, anna, vera, contact):
    client = logged_in(anna)
    here = reverse("contacts:contact_edit", args=[contact.pk])
    data = posted(client.get(here).context["form"])
    extra = {
        "owner": vera.pk,
        "id": "7",
        "created_at": "2001-01-01",
        SHOWN + "owner": str(anna.pk),
        "version": 9,
    }
    client.post(here, data | extra)
    contact.refresh_from_db()
    assert contact.owner == anna


def test_a_manager_makes_no_contact_for_a_stranger(logged_in, anna, vera, typed):
    assert logged_in(anna).post(NEW, typed | {"owner": vera.pk}).status_code == 422
    assert not Contact.objects.exists()


def test_an_observer_gets_no_form(logged_in, observer):
    assert logged_in(observer).get(NEW).status_code == 403
