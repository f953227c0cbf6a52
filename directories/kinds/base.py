"""What every kind of field answers. Kinds know how a value looks; a Field knows where it stands."""

import json

from django import forms
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _

from ..expressions import own_between


class Kind:
    """A kind of field: its widget, its looks, its filter, its text form.

    `value` is what people work with (date, Decimal, Entry, list), `base` what a record's doors take and a
    form remembers as shown (JSON-ready for own fields). A method's `field` is the Field it is asked for.
    """

    code = ""
    label: str | Promise = ""
    is_offered = False  # a company may make fields of this kind
    is_number = False  # right-aligned, tabular digits
    has_own_door = False  # changed by a door of its own, not by `record.change`
    is_long = False  # a list shows it last, if at all
    template = "directories/parts.html#value_text"
    json_type = "string"

    def suits(self, model_field):
        """Say whether this kind describes the built-in `model_field`."""
        return False

    # Form

    def form_field(self, field, user, present=None):
        """Return the form field with choices for `user`; the value `present` stays valid."""
        raise NotImplementedError

    def fit(self, form_field, record):
        """Tell the `form_field` what it has to know of the `record` that is changed."""

    def options(self, field):
        """What every form field takes. crispy and the admin show a help as markup, so it is escaped here."""
        return {
            "label": field.label,
            "help_text": conditional_escape(field.help),
            "required": field.required,
        }

    # Values

    def to_base(self, value, field):
        """Return `value` as a record's doors take it."""
        if value in ("", []):
            return None if field.is_own else value
        return value

    def from_base(self, base, field, record=None):
        """Return the value of `base`, as own fields keep it."""
        return base

    def to_shown(self, value, field):
        """Return `value` as text in the hidden input that remembers what a form showed."""
        return json.dumps(self.to_base(value, field), ensure_ascii=False, default=str, sort_keys=True)

    def from_shown(self, text, field):
        """Return the base value of such a text; None if it isn't one of ours."""
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return None

    # Looks

    def show(self, value, field, record=None):
        """Return `value` as text in the reader's language."""
        return "" if value is None else str(value)

    def show_told(self, told, field, entries=None, record=None):
        """Return as text a value that an event keeps (`records.models.record.plain`)."""
        if isinstance(told, dict):
            return str(told.get("name", ""))
        return self.show(self.from_base(told, field), field, record)

    def parts(self, value, field):
        """What the kind's template iterates over: dicts of text, href, label."""
        return []

    # Lists

    def filters(self, field, user):
        """Return the form fields of the filter, by URL parameter; none: the field can't be filtered by."""
        return {}

    def narrow(self, field, queryset, cleaned):
        """Keep the rows that fit the filter's `cleaned` data."""
        return queryset

    def filter_text(self, field, cleaned):
        """Say in a few words what the filter's `cleaned` data keeps; '' for nothing."""
        return ""

    # Import

    def parse(self, text, field, context):
        """Return the value that `text` of a file means. Raises ValidationError with a sentence."""
        return self.form_field(field, context.user).clean(text)


class Range(Kind):
    """Kinds that are filtered by a lower and an upper limit."""

    def limit_field(self, label):
        raise NotImplementedError

    def filters(self, field, user):
        return {
            f"{field.name}_from": self.limit_field(_("%(field)s, from") % {"field": field.label}),
            f"{field.name}_to": self.limit_field(_("%(field)s, to") % {"field": field.label}),
        }

    def limits(self, field, cleaned):
        return cleaned.get(f"{field.name}_from"), cleaned.get(f"{field.name}_to")

    def narrow(self, field, queryset, cleaned):
        low, high = self.limits(field, cleaned)
        if field.is_own:
            return own_between(
                queryset, field.code, self.to_base(low, field), self.to_base(high, field), self.json_type
            )
        if low is not None:
            queryset = queryset.filter(**{f"{field.name}__gte": low})
        if high is not None:
            queryset = queryset.filter(**{f"{field.name}__lte": high})
        return queryset

    def filter_text(self, field, cleaned):
        low, high = (
            None if limit is None else self.show(limit, field) for limit in self.limits(field, cleaned)
        )
        if low is None and high is None:
            return ""
        if high is None:
            return _("from %(low)s") % {"low": low}
        if low is None:
            return _("up to %(high)s") % {"high": high}
        return f"{low} – {high}"


class OneOfMany(forms.SelectMultiple):
    """A choice of one, or of none; an address may name several, which it then shows as several."""

    def value_from_datadict(self, data, files, name):
        return [value for value in super().value_from_datadict(data, files, name) or () if value]

    def get_context(self, name, value, attrs):
        self.allow_multiple_selected = len(value or ()) > 1
        return super().get_context(name, value, attrs)

    def optgroups(self, name, value, attrs=None):
        any_of_them = self.create_option(name, "", _("Any of them"), not value, 0)
        return [(None, [any_of_them], 0), *super().optgroups(name, value, attrs)]


class Choice(Kind):
    """Kinds that are filtered by some of a list of rows."""

    def filter_choices(self, field, user):
        raise NotImplementedError

    def filters(self, field, user):
        return {
            field.name: forms.ModelMultipleChoiceField(
                self.filter_choices(field, user),
                label=field.label,
                required=False,
                widget=OneOfMany({"class": "form-select"}),
            )
        }

    def filter_text(self, field, cleaned):
        return ", ".join(str(chosen) for chosen in cleaned.get(field.name) or ())
