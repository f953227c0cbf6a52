"""A number: whole or with a fraction, exact."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from ui import formats
from ui.forms import NumberField

from .base import Range

DIGITS = 15  # a double keeps so many decimal digits exactly, so JSON and Python do not round
PLACES = 6


class Number(Range):
    code = "number"
    label = _("number")
    is_offered = True
    is_number = True
    json_type = "number"

    def suits(self, model_field):
        return isinstance(model_field, models.IntegerField)

    def form_field(self, field, user, present=None):
        number = NumberField(max_digits=DIGITS, decimal_places=PLACES, **self.options(field))
        number.widget.grouped = _is_grouped(field)
        return number

    def limit_field(self, label):
        return NumberField(max_digits=DIGITS, decimal_places=PLACES, label=label, required=False)

    def to_base(self, value, field):
        """A JSON number: whole ones as int, others as the double that prints the same digits."""
        if value is None or not field.is_own:
            return value
        number = Decimal(str(value))
        return int(number) if number == number.to_integral_value() else float(number)

    def from_base(self, base, field, record=None):
        if base is None or isinstance(base, bool):
            return None
        try:
            number = Decimal(str(base))
        except ArithmeticError:
            return None
        return number if number.is_finite() else None

    def show(self, value, field, record=None):
        return "" if value is None else formats.num(value, grouped=_is_grouped(field))


def _is_grouped(field):
    """Whether thousands stand apart: 1 996 employees, but founded in 1996."""
    return not (field.is_own and field.custom.without_thousands)
