"""Phones, e-mails and messengers: typed in rows, kept in one spelling."""

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from contacts.models import Contact
from directories.fields import field_named, fields_of
from directories.forms import FieldForm
from directories.kinds.emails import email
from directories.kinds.messengers import Messengers
from directories.kinds.phones import phone


def form_of(name, record, user, query):
    return FieldForm(field_named(fields_of(type(record)), name), record, user, QueryDict(query))


@pytest.mark.parametrize(
    ("typed", "value", "extension"),
    [
        ("8 (812) 555-01-42", "+78125550142", ""),
        ("+7 812 555 01 42 доб. 12", "+78125550142", "12"),
        ("+44 20 7946 0018", "+442079460018", ""),
    ],
)
def test_a_phone_is_kept_as_e164_beside_what_was_typed(company, typed, value, extension):
    assert phone(typed, "work") == {"value": value, "typed": typed, "extension": extension, "label": "work"}


@pytest.mark.parametrize("typed", ["12", "call me", "+7 812", "9" * 70, "\x00"])
def test_a_bad_phone_is_answered_by_an_example(company, typed):
    with pytest.raises(ValidationError) as refused:
        phone(typed)
    assert "+7" in refused.value.messages[0]


def test_rows_left_blank_are_no_phones_and_an_unchanged_one_stays_as_it_was(contact, anna):
    form = form_of(
        "phones",
        contact,
        anna,
        "value=8+(812)+555-01-42&value_label=work&value=&value_label=work&value=89215553310&value_label=mobile",
    )
    assert form.is_valid(), form.errors
    changed = contact.change(form.changes, by=anna)
    assert [item["value"] for item in changed.phones] == ["+78125550142", "+79215553310"]
    assert changed.phones[0] == contact.phones[0]
    assert list(Contact.objects.visible_to(anna).with_any(phones=["+79215553310"])) == [contact]


def test_a_bad_row_keeps_all_that_was_typed(contact, anna):
    form = form_of("phones", contact, anna, "value=89215553310&value_label=mobile&value=12&value_label=work")
    assert not form.is_valid()
    html = str(form["value"])
    assert 'value="89215553310"' in html
    assert 'value="12"' in html


def test_an_email_is_lower_cased_and_must_be_one(company):
    assert email("Olga@Example.COM")["value"] == "olga@example.com"
    for bad in ("olga", "a@b", "x" * 300 + "@example.com", "a b@example.com"):
        with pytest.raises(ValidationError):
            email(bad)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("telegram", "https://t.me/Samoylova_HR", "samoylova_hr"),
        ("telegram", "@samoylova_hr", "samoylova_hr"),
        ("whatsapp", "8 921 555-33-10", "+79215553310"),
        ("vk", "vk.com/olga", "olga"),
    ],
)
def test_a_messenger_name_has_one_spelling(company, kind, typed, value):
    assert Messengers().item(typed, kind) == {"kind": kind, "value": value}


def test_a_name_never_becomes_a_link_of_its_own_making(company):
    item = Messengers().item("javascript:alert(1)", "other")
    (part,) = Messengers().parts([item], None)
    assert part["href"] == ""
