"""Text of several lines."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from .text import Text

LETTERS = 10_000


class LinesField(forms.CharField):
    """Browsers send lines with CRLF, which is no change of what they were shown."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class LongText(Text):
    code = "long_text"
    label = _("long text")
    is_offered = False
    is_long = True
    template = "directories/parts.html#value_long"

    def suits(self, model_field):
        return isinstance(model_field, models.TextField)

    def form_field(self, field, user, present=None):
        return LinesField(
            max_length=field.model_field.max_length or LETTERS,
            widget=forms.Textarea({"rows": 3}),
            **self.options(field),
        )

    def filters(self, field, user):
        return {}
