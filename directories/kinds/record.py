"""A record of a registered model (organization, contact), found by typing its name."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records.search import fold

from ..registry import MODELS
from .base import Kind

MOST_MATCHES = 20


class RecordInput(forms.TextInput):
    """A text with suggestions; after an ambiguous name a choice among those who have it."""

    template_name = "directories/widgets/record.html"

    def __init__(self, entity, attrs=None):
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.entity, self.matches = entity, []

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "matches": self.matches,
            "suggestions": reverse("directories:suggest", args=[self.entity]),
        }
        return context


class RecordField(forms.Field):
    """Cleans a name (or an id) to the record that has it, among those `user` sees.

    What is foreign and what doesn't exist are the same refusal; the record `present` stays valid.
    """

    def __init__(self, model, user, present=None, **options):
        self.model, self.user, self.present = model, user, present
        super().__init__(widget=RecordInput(str(model.entity)), **options)

    def prepare_value(self, value):
        if isinstance(value, models.Model):
            return str(value)
        by_id = isinstance(value, int) or (isinstance(value, str) and value.isascii() and value.isdigit())
        found = self.choices().filter(pk=int(value)).first() if by_id and len(str(value)) < 19 else None
        return str(found) if found else value

    def choices(self):
        return self.model.objects.visible_to(self.user).present()

    def to_python(self, value):
        if isinstance(value, self.model):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        if self.present is not None and text in (str(self.present), str(self.present.pk)):
            return self.present
        exact = list(self.choices().search(text).by_name()[: MOST_MATCHES + 1]) if len(text) <= 300 else []
        named = [record for record in exact if fold(str(record)) == fold(text)]
        if len(named) == 1:
            return named[0]
        if text.isascii() and text.isdigit() and len(text) < 19:
            by_id = self.choices().filter(pk=int(text)).first()
            if by_id:
                return by_id
        matches = named or exact
        if not matches:
            raise ValidationError(
                _("Nothing of this name is here. Choose one of the suggested."), code="absent"
            )
        self.widget.matches = matches[:MOST_MATCHES]
        raise ValidationError(_("Several fit this name. Choose one of them."), code="several")

    def has_changed(self, initial, data):
        return self.clean(data) != initial


class RecordLink(Kind):
    code = "record"
    label = _("record")
    template = "directories/parts.html#value_record"

    def suits(self, model_field):
        return model_field.many_to_one and model_field.related_model in MODELS.values()

    def form_field(self, field, user, present=None):
        return RecordField(field.model_field.related_model, user, present, **self.options(field))

    def filters(self, field, user):
        return {
            field.name: RecordField(field.model_field.related_model, user, label=field.label, required=False)
        }

    def narrow(self, field, queryset, cleaned):
        chosen = cleaned.get(field.name)
        return queryset.filter(**{field.name: chosen}) if chosen else queryset

    def filter_text(self, field, cleaned):
        return str(cleaned.get(field.name) or "")

    def to_shown(self, value, field):
        return "" if value is None else str(value.pk)

    def from_shown(self, text, field):
        return int(text) if text.isascii() and text.isdigit() else None

    def from_base(self, base, field, record=None):
        """A record; of an id only its number is known here."""
        return base

    def parse(self, text, field, context):
        found = context.record(field, text)
        if found is None:
            raise ValidationError(_("There is no “%(name)s” here."), params={"name": text})
        return found
