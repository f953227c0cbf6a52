"""One entry of a directory: built-in fields point by foreign key, own fields keep its id."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..expressions import own_among
from ..models import Entry
from .base import Choice


class OneEntry(Choice):
    code = "entry"
    label = _("one entry of a directory")
    is_offered = True
    json_type = "number"

    def suits(self, model_field):
        return model_field.many_to_one and model_field.related_model is Entry

    def entries(self, field, user):
        """The entries of the field's directory that `user` may see, in their order."""
        entries = Entry.objects.visible_to(user)
        if field.is_own:
            return entries.filter(directory_id=field.custom.choices_from_id)
        return entries.complex_filter(field.model_field.get_limit_choices_to())

    def form_field(self, field, user, present=None):
        choices = self.entries(field, user).in_use()
        if present is not None:
            choices |= Entry.objects.visible_to(user).filter(pk=present.pk)
        return forms.ModelChoiceField(choices, **self.options(field))

    def filter_choices(self, field, user):
        return self.entries(field, user)

    def narrow(self, field, queryset, cleaned):
        chosen = [entry.pk for entry in cleaned.get(field.name) or ()]
        if not chosen:
            return queryset
        if field.is_own:
            return own_among(queryset, field.code, chosen)
        return queryset.filter(**{f"{field.name}__in": chosen})

    def from_base(self, base, field, record=None):
        """The Entry with the id `base`: one that `load_names` put on the record, else by a query."""
        if base is None or isinstance(base, Entry):
            return base
        loaded = getattr(record, "loaded_entries", {})
        if base in loaded:
            return loaded[base]
        return Entry.objects.filter(pk=base).first() if isinstance(base, int) else None

    def to_shown(self, value, field):
        return "" if value is None else str(value.pk)

    def from_shown(self, text, field):
        return int(text) if text.isascii() and text.isdigit() else None

    def show_told(self, told, field, entries=None, record=None):
        if isinstance(told, int) and entries is not None:
            return entries.get(told, "")
        return super().show_told(told, field, entries, record)

    def parse(self, text, field, context):
        entry = context.entry(field, text)
        if entry is None:
            raise ValidationError(_("The directory has no entry “%(name)s”."), params={"name": text})
        return entry
