"""Who is it? By phone in any spelling, e-mail, or a name in a messenger."""

import pytest

from contacts.models import Contact
from contacts.recognition import find_contact


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
def test_a_contact_is_recognised_however_it_is_written(anna, olga, text):
    Contact.objects.make(by=anna, first_name="Petr", last_name="Other")
    assert list(find_contact(text, anna)) == [olga]


@pytest.mark.parametrize("text", ["8 812 555-01-42", "olga@example.com", "@samoylova_hr", "samoylova"])
def test_a_strangers_contact_is_not_recognised(vera, olga, text):
    assert not find_contact(text, vera).exists()


@pytest.mark.parametrize("text", ["", " ", "x", "@", "'; drop table --"])
def test_nonsense_recognises_nobody(anna, olga, text):
    assert not find_contact(text, anna).exists()
