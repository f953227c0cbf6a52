"""An address of a page. Only built-in fields are links."""

from django import forms
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .text import Text

# Cards make a link of it: never javascript: or ftp:.
WEB_ONLY = URLValidator(schemes=["http", "https"])


class WebAddress(models.URLField):
    """An address that begins with http: or https:; one check, so one sentence."""

    default_validators = [WEB_ONLY]


class WebAddressField(forms.URLField):
    default_validators = [WEB_ONLY]


class Link(Text):
    code = "link"
    label = _("link")
    is_offered = False
    template = "directories/parts.html#value_list"

    def suits(self, model_field):
        return isinstance(model_field, models.URLField)

    def form_field(self, field, user, present=None):
        return WebAddressField(
            max_length=field.model_field.max_length,
            assume_scheme="https",
            widget=forms.URLInput({"inputmode": "url"}),
            **self.options(field),
        )

    def show(self, value, field, record=None):
        return (value or "").removeprefix("https://").removeprefix("http://").rstrip("/")

    def parts(self, value, field):
        if not value or not value.startswith(("https://", "http://")):
            return []
        return [{"text": self.show(value, field), "href": value, "label": ""}]
