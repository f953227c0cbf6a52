"""What all forms share: localised widgets, and a crispy helper that leaves the <form> to the page.

A page's form:

    <form method="post" novalidate>{% csrf_token %}
      <div class="panel">{% crispy form %}</div>
      <div class="form-foot"><button class="btn btn-primary">…</button></div>
    </form>

`{% crispy form %}` begins with the summary of what is wrong, with links to the fields.
"""

import re
from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import formats

SPACES = re.compile(r"[\s\u00a0\u2009\u202f']")
# What is left to be read as a number: ASCII digits, so neither 1e9 nor NaN, nor another script's digits.
DIGITS = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
# How a sum is written beside its sign and its ISO 4217 code.
OTHER_MARKS = {"RUB": ("руб.", "руб", "рублей", "рубля", "рубль", "р.", "р")}


def crispy(*parts) -> FormHelper:
    """The helper of a form: `self.helper = crispy(Fieldset(…), Row(…))`; all fields if no parts."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*parts) if parts else None
    return helper


class DateInput(forms.DateInput):
    """The browser's own date picker, which wants ISO whatever the language."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker of a moment, in the person's zone."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class DateField(forms.DateField):
    widget = DateInput


class DateTimeField(forms.DateTimeField):
    widget = DateTimeInput


class NumberInput(forms.TextInput):
    """A number as text: `type=number` refuses the spaces and commas that people write."""

    grouped = True  # thousands apart

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value):
        if isinstance(value, int | float | Decimal):
            return formats.num(value, grouped=self.grouped)
        return super().format_value(value)


class NumberField(forms.DecimalField):
    """A number as people write it: 1 234,50 and 1,234.50; what was typed is shown again as typed."""

    widget = NumberInput

    def to_python(self, value):
        if isinstance(value, str):
            value = plain_number(value)
        return super().to_python(value)

    def widget_attrs(self, widget):
        return {}


class MoneyInput(NumberInput):
    """A sum as it is shown elsewhere: with two decimals, or with none."""

    def format_value(self, value):
        if isinstance(value, int | float | Decimal):
            return formats.money(value)
        return super().format_value(value)


class MoneyField(NumberField):
    """An amount, empty or not below zero, as it is shown: 1 000 000 ₽, RUB 1000, 1000 руб.

    `currency` (ISO 4217) is the one that may stand beside the number; '' (not known): any that is known.
    """

    widget = MoneyInput
    currency = ""
    default_error_messages = {
        "other_currency": _("The amount is in %(currency)s: write it without another currency.")
    }

    def __init__(self, **options):
        options = {"max_digits": 15, "decimal_places": 2, "min_value": 0} | options
        super().__init__(**options)

    def to_python(self, value):
        if isinstance(value, str):
            value, typed_in = without_currency(value, self.currency)
            if self.currency and typed_in and self.currency not in typed_in:
                raise ValidationError(
                    self.error_messages["other_currency"],
                    code="other_currency",
                    params={"currency": formats.currency_sign(self.currency)},
                )
        return super().to_python(value)


def without_currency(text: str, expected: str = "") -> tuple[str, set[str]]:
    """`text` without the one sign or code of a currency before or after it, and the currencies it may mean.

    Known are those with a sign, and the `expected` one.
    """
    text = text.strip()
    marks: dict[str, set[str]] = {}
    for currency in filter(None, {*formats.SYMBOLS, expected}):
        sign = formats.currency_sign(currency)
        for mark in (currency, sign, *OTHER_MARKS.get(currency, ())):
            marks.setdefault(mark.casefold(), set()).add(currency)
    for mark in sorted(marks, key=len, reverse=True):
        before = re.match(rf"([+\-{formats.MINUS}]?)\s*{re.escape(mark)}(?=[\s\d.,])", text, re.IGNORECASE)
        if before:
            return before[1] + text[before.end() :].strip(), marks[mark]
        after = re.search(rf"(?<=[\s\d.,]){re.escape(mark)}$", text, re.IGNORECASE)
        if after:
            return text[: after.start()].strip(), marks[mark]
    return text, set()


def plain_number(text: str) -> str:
    """`text` with a decimal point and nothing else between its digits.

    The last of two different separators is the decimal one; a repeated one divides thousands; a
    single comma followed by three digits divides thousands where English is read. '' for an empty text.
    Raises ValidationError for groups that are no thousands (`1,23,4`), and for what is no plain number.
    """
    text = _with_a_point(SPACES.sub("", text).replace(formats.MINUS, "-"))
    if text and not DIGITS.fullmatch(text):
        raise ValidationError(_("Enter a number."), code="invalid")
    return text


def _with_a_point(text):
    separators = re.findall(r"[.,]", text)
    if not separators:
        return text
    last = separators[-1]
    whole, _sep, rest = text.rpartition(last)
    if len(set(separators)) == 2:
        grouped = re.fullmatch(rf"-?\d{{1,3}}(\{'.' if last == ',' else ','}\d{{3}})+", whole)
        if separators.count(last) > 1 or not grouped:
            raise ValidationError(_("Enter a number."), code="invalid")
        return re.sub(r"[.,]", "", whole) + "." + rest
    thousands = re.fullmatch(rf"-?[1-9]\d{{0,2}}(\{last}\d{{3}})+", text)
    if len(separators) > 1:
        if not thousands:
            raise ValidationError(_("Enter a number."), code="invalid")
        return re.sub(r"[.,]", "", text)
    if thousands and last == "," and not formats.is_russian():
        return text.replace(",", "")
    return f"{whole}.{rest}"
