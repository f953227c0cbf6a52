"""Who is it? By phone in any spelling, an e-mail, a name in a messenger, a name."""

import pytest

from contacts.models import Contact
from contacts.recognition import doubles_of


@pytest.fixture
def olga(anna):
    return Contact.objects.make(
        by=anna,
        first_name="Olga",
        last_name="Samoylova",
        phones=[{"value": "+78125550142", "typed": "555-01-42", "extension": "", "label": "work"}],
        emails=[{"value": "olga@example.com", "typed": "Olga@Example.com", "extension": "", "label": "work"}],
        messengers=[{"kind": "telegram", "value": "samoylova_hr"}],
    )


@pytest.mark.parametrize(
    "text",
    [
        "8 (812) 555-01-42",
        "+7 812 5550142",
        "78125550142",
        "8125550142",
        " OLGA@example.com ",
        "@Samoylova_HR",
        "samoylova olga",
    ],
)
def test_a_contact_is_found_however_it_is_written(anna, olga, text):
    Contact.objects.make(by=anna, first_name="Petr", last_name="Other")
    assert list(Contact.objects.visible_to(anna).search(text)) == [olga]


@pytest.mark.parametrize("text", ["8 812 555-01-42", "olga@example.com", "@samoylova_hr", "samoylova"])
def test_a_strangers_contact_is_not_found(vera, olga, text):
    assert not Contact.objects.visible_to(vera).search(text).exists()


PHONE, EMAIL = [{"value": "+78125550142"}], [{"value": "olga@example.com"}]


@pytest.mark.parametrize(("phones", "emails"), [(PHONE, []), ([], EMAIL), (PHONE, [{"value": "no@x.y"}])])
def test_one_phone_or_e_mail_in_common_makes_a_double(anna, olga, phones, emails):
    doubles = doubles_of(phones, emails, user=anna)
    assert (doubles.records, doubles.responsibles) == ([olga], [])


def test_of_a_strangers_double_only_the_responsible_is_told(vera, anna, olga):
    doubles = doubles_of(PHONE, EMAIL, user=vera)
    assert (doubles.records, doubles.responsibles) == ([], [anna])


def test_a_contact_is_no_double_of_itself_nor_of_one_without_phones(anna, olga):
    assert not doubles_of(PHONE, EMAIL, user=anna, besides=olga)
    assert not doubles_of([], [], user=anna)
