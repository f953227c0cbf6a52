"""A line of text."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from records.search import Fold, fold

from ..expressions import OwnText
from .base import Kind

OWN_TEXT_LETTERS = 500


class Text(Kind):
    code = "text"
    label = _("text")
    is_offered = True

    def suits(self, model_field):
        return type(model_field) is models.CharField

    def form_field(self, field, user, present=None):
        if field.is_own:
            return forms.CharField(max_length=OWN_TEXT_LETTERS, **self.options(field))
        # Django leaves a model field's validators to the model's full_clean
        return field.model_field.formfield(validators=field.model_field.validators, **self.options(field))

    def filters(self, field, user):
        return {field.name: forms.CharField(max_length=100, label=field.label, required=False)}

    def narrow(self, field, queryset, cleaned):
        text = fold(cleaned.get(field.name) or "")
        if not text:
            return queryset
        value = OwnText(field.code) if field.is_own else field.name
        return queryset.alias(**{"folded_text": Fold(value)}).filter(folded_text__contains=text)

    def filter_text(self, field, cleaned):
        text = cleaned.get(field.name)
        return f"«{text}»" if text else ""
