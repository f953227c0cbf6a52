"""Numbers as people type them, and forms that say what is wrong."""

import datetime
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import override

from ui import formats
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


@pytest.mark.parametrize(
    "typed",
    ["1e9", "1E+3", "NaN", "Infinity", "-inf", "٣", "１２", "1_000", "0x10", "12abc", "1 000 x", "--5", "."],
)
def test_only_plain_digits_are_a_number(typed):
    with pytest.raises(ValidationError):
        plain_number(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "1 000 000 ₽", "1\u00a0000\u00a0000\u00a0₽", "₽1,000,000", "1000000 RUB", "rub 1000000",
        "1 000 000 р.", "1000000р", "1 000 000 руб.", "1000000 РУБ", "1 000 000,00 ₽", "₽ 1000000.00",
    ],
)  # fmt: skip
def test_an_amount_may_have_its_currency_beside_it(typed):
    field = MoneyField()
    field.currency = "RUB"
    with override("ru"):
        assert field.clean(typed) == 1_000_000


@pytest.mark.parametrize("currency", ["RUB", "USD", "EUR", "KZT", "BYN", "CNY", "JPY", "AMD", "CHF"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_an_amount_is_read_as_it_is_printed(currency, language):
    field = MoneyField()
    field.currency = currency
    with override(language):
        assert field.clean(formats.money(Decimal("1234567.50"), currency)) == Decimal("1234567.50")


def test_an_amount_in_another_currency_is_refused_not_taken_for_ours():
    field = MoneyField()
    field.currency = "RUB"
    with override("en"), pytest.raises(ValidationError, match="The amount is in ₽"):
        field.clean("$100")


@pytest.mark.parametrize("typed", ["₽", "руб.", "100 ₽ ₽", "100 рупий", "1 ₽ 000", "1e9 ₽", "٣ ₽"])
def test_what_is_no_sum_in_spite_of_its_currency_is_refused(typed):
    with pytest.raises(ValidationError):
        MoneyField().clean(typed)


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
