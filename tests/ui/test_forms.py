"""Numbers as people type them, and forms that say what is wrong."""

import datetime
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import override

from ui.forms import DateField, MoneyField, crispy, plain_number


@pytest.mark.parametrize(
    ("language", "typed", "plain"),
    [
        ("ru", "1 234,50", "1234.50"),
        ("ru", "1\u00a0234\u202f567,5", "1234567.5"),
        ("ru", "1,234.50", "1234.50"),
        ("ru", "1.234,50", "1234.50"),
        ("ru", "1,234", "1.234"),
        ("en", "1,234", "1234"),
        ("en", "12,5", "12.5"),
        ("en", "1,234,567", "1234567"),
        ("en", "1,234.50", "1234.50"),
        ("ru", "1.234.567", "1234567"),
        ("ru", "−50 000", "-50000"),
        ("en", "0,125", "0.125"),
    ],
)
def test_a_number_is_read_as_it_was_meant(language, typed, plain):
    with override(language):
        assert plain_number(typed) == plain


@pytest.mark.parametrize("typed", ["1,23,4", "1.2,3,4", "12,34.5,6", "1,2,3.4"])
def test_groups_that_are_no_thousands_are_refused(typed):
    with pytest.raises(ValidationError):
        plain_number(typed)


class AmountForm(forms.Form):
    title = forms.CharField()
    amount = MoneyField(required=False)
    on = DateField(required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.helper = crispy()


def test_a_shown_amount_can_be_sent_back_as_it_stands():
    with override("ru"):
        shown = AmountForm(initial={"amount": Decimal("1234567.50")})["amount"].value()
        widget = str(AmountForm(initial={"amount": Decimal("1234567.50")})["amount"])
        assert "1\u00a0234\u00a0567,5" in widget
        form = AmountForm({"title": "x", "amount": "1\u00a0234\u00a0567,5"})
        assert form.is_valid()
        assert form.cleaned_data["amount"] == shown


def test_what_was_typed_survives_the_refusal():
    form = AmountForm({"title": "", "amount": "-5 руб"})
    assert not form.is_valid()
    assert 'value="-5 руб"' in str(form["amount"])


def test_the_summary_links_to_each_wrong_field_and_takes_the_focus():
    form = AmountForm({"title": "", "amount": "-5"})
    html = render_to_string("components/form_errors.html", {"form": form})
    assert 'href="#id_title"' in html
    assert 'href="#id_amount"' in html
    assert 'role="alert" tabindex="-1" data-focus' in html


def test_a_date_field_shows_what_the_browsers_picker_wants():
    with override("ru"):
        form = AmountForm(initial={"on": datetime.date(2026, 10, 9)})
        assert 'type="date"' in str(form["on"])
        assert 'value="2026-10-09"' in str(form["on"])
