"""An amount, in the currency of the record's pipeline. Only built-in fields are amounts."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from ui import formats
from ui.forms import MoneyField

from .base import Range


class Money(Range):
    code = "money"
    label = _("amount")
    is_number = True
    json_type = "number"

    def suits(self, model_field):
        return isinstance(model_field, models.DecimalField)

    def form_field(self, field, user, present=None):
        return MoneyField(
            max_digits=field.model_field.max_digits,
            decimal_places=field.model_field.decimal_places,
            **self.options(field),
        )

    def fit(self, form_field, record):
        form_field.currency = getattr(record, "currency", "")

    def limit_field(self, label):
        return MoneyField(label=label, required=False)

    def from_base(self, base, field, record=None):
        """The amount of `base`; None for what no amount of the column can be."""
        try:
            amount = Decimal(str(base))
        except ArithmeticError:
            return None
        fits = amount.is_finite() and amount.adjusted() < field.model_field.max_digits
        return amount if fits else None

    def from_shown(self, text, field):
        return self.from_base(super().from_shown(text, field), field)

    def show(self, value, field, record=None):
        return formats.money(value, getattr(record, "currency", ""))
