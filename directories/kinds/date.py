"""A date."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ui import formats
from ui.forms import DateField

from .base import Range


class Date(Range):
    code = "date"
    label = _("date")
    is_offered = True

    def suits(self, model_field):
        return type(model_field) is models.DateField

    def form_field(self, field, user, present=None):
        return DateField(**self.options(field))

    def limit_field(self, label):
        return DateField(label=label, required=False)

    def to_base(self, value, field):
        """ISO text in own fields, whose order is that of the dates."""
        return value.isoformat() if field.is_own and value is not None else value

    def from_base(self, base, field, record=None):
        if base is None or isinstance(base, datetime.date):
            return base
        try:
            return datetime.date.fromisoformat(str(base))
        except ValueError:
            return None

    def from_shown(self, text, field):
        return self.to_base(self.from_base(super().from_shown(text, field), field), field)

    def show(self, value, field, record=None):
        return formats.day(value)

    def parse(self, text, field, context):
        """Read a date in one of the context's formats (strptime), else as ISO."""
        for written in (*context.date_formats, "%Y-%m-%d"):
            try:
                return datetime.datetime.strptime(text.strip(), written).date()  # noqa: DTZ007
            except ValueError:
                continue
        raise ValidationError(_("“%(text)s” is no date."), params={"text": text})
