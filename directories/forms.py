"""Forms over field descriptions: whole forms, and one field edited in place."""

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ui import formats
from ui.forms import crispy

DAY_LETTERS = len("2026-05-20")
SHOWN = "shown_"  # what the form showed of a field stands beside it, hidden


def add_fields(form, fields, user, record=None):
    """Add `fields` to `form`, with the values of `record` and what was shown of them.

    A field with a door of its own (the responsible) is left out once the record is there.
    """
    form.described = [field for field in fields if record is None or not field.kind.has_own_door]
    for field in form.described:
        form.fields[field.name] = field.form_field(user, record)
        if record is not None:
            form.initial.setdefault(field.name, field.read(record))
            form.fields[SHOWN + field.name] = forms.CharField(widget=forms.HiddenInput, required=False)
            form.initial[SHOWN + field.name] = field.kind.to_shown(field.read(record), field)


def values_of(form):
    """Return {field name: base value} of the valid `form`'s described fields, for `change` and `make`."""
    return {
        field.name: field.to_base(form.cleaned_data[field.name])
        for field in form.described
        if field.name in form.cleaned_data
    }


def shown_in(form):
    """Return {field name: base value} of what the valid `form` had shown, for `change`."""
    return {
        field.name: field.kind.from_shown(form.cleaned_data[SHOWN + field.name], field)
        for field in form.described
        if form.cleaned_data.get(SHOWN + field.name)
    }


def changes_of(form):
    """Return {field name: base value} of what the valid `form` was sent with other than it had shown.

    What a person left as it was is not his change, and must not undo a colleague's.
    """
    return {
        field.name: field.to_base(form.cleaned_data[field.name])
        for field in form.described
        if field.name in form.cleaned_data
        and field.kind.to_shown(form.cleaned_data[field.name], field) != form.cleaned_data[SHOWN + field.name]
    }


class FieldsForm(forms.Form):
    """A form of nothing but described fields: `form.values`, `form.shown` go to `record.change`."""

    def __init__(self, fields, user, record=None, data=None, **options):
        super().__init__(data, **options)
        self.record = record
        add_fields(self, fields, user, record)
        self.helper = crispy()

    @property
    def values(self):
        return values_of(self)

    @property
    def changes(self):
        return changes_of(self)

    @property
    def shown(self):
        return shown_in(self)

    def overtaken(self, refusal):
        """Say at its field what somebody else has made of it; sent again, the form overwrites that."""
        field = next((field for field in self.described if field.name == refusal.field), None)
        if field is None:
            refusal.add_to(self)
            return
        self.add_error(field.name, overtaken_sentence(refusal, field, self.record))
        _show_again(self, SHOWN + field.name, field, refusal.now)


class FieldForm(forms.Form):
    """One field of `record`, edited in place. Posts `value` and `shown`.

    The view passes `form.changes` and `form.shown` to `record.change`, and an Overtaken back to
    `form.overtaken(refusal)`.
    """

    def __init__(self, field, record, user, data=None):
        present = field.read(record)
        super().__init__(data, initial={"value": present}, auto_id=f"id_{field.name}_%s")
        self.field, self.record = field, record
        self.fields["value"] = field.form_field(user, record)
        self.fields["shown"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=field.kind.to_shown(present, field)
        )
        widget = self.fields["value"].widget
        self.is_wide = field.kind.is_long or bool(field.kind.template.endswith("value_list"))
        widget.attrs |= {"class": self._css(widget), "data-focus": True}
        if isinstance(widget, forms.Select):
            widget.attrs["class"] = "form-select"

    def _css(self, widget):
        return "form-control form-control-num" if self.field.kind.is_number else "form-control"

    @property
    def value_id(self):
        return self["value"].id_for_label

    @property
    def changes(self):
        """{field name: base value}, for `record.change`."""
        return {self.field.name: self.field.to_base(self.cleaned_data["value"])}

    @property
    def shown(self):
        """{field name: base value} that the form had shown; empty if it didn't say."""
        if "shown" not in self.data:
            return {}
        return {self.field.name: self.field.kind.from_shown(self.cleaned_data["shown"], self.field)}

    def overtaken(self, refusal):
        """Say what somebody else has made of the field; sent again, the form overwrites that."""
        self.add_error("value", overtaken_sentence(refusal, self.field, self.record))
        _show_again(self, "shown", self.field, refusal.now)

    def refused(self, refusal):
        """Say any other refusal at the field."""
        self.add_error("value", str(refusal.sentence))


def overtaken_sentence(refusal, field, record=None):
    """Say in one sentence who changed the field, when, from what to what."""
    particulars = {
        "before": _in_words(field.show_value(refusal.shown, record)),
        "now": _in_words(field.show_value(refusal.now, record)),
        "who": refusal.by.full_name if refusal.by else "",
        "when": formats.moment(refusal.at) if refusal.at else "",
    }
    if refusal.by and refusal.at:
        text = _("%(who)s changed this on %(when)s from %(before)s to %(now)s. Save again to replace it.")
    else:
        text = _("This has been changed from %(before)s to %(now)s. Save again to replace it.")
    return text % particulars


def _in_words(value):
    """A value in quotation marks; that there is none, without them."""
    return _("“%(value)s”") % {"value": value} if value else _("empty")


def _show_again(form, name, field, now):
    value = field.kind.from_base(now, field) if field.is_own else now
    form.data = form.data.copy()
    form.data[form.add_prefix(name)] = field.kind.to_shown(value, field)


class AsOfForm(forms.Form):
    """A day, or a moment of it, in the reader's zone; cleans to the moment, of a day to its end."""

    at = forms.CharField(max_length=30)

    def clean_at(self):
        text = self.cleaned_data["at"]
        try:
            moment = datetime.datetime.fromisoformat(text)
            if len(text) <= DAY_LETTERS:
                moment += datetime.timedelta(days=1) - datetime.timedelta.resolution
            moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
            is_to_come = timezone.localdate(moment) > timezone.localdate()
        except (ValueError, OverflowError):
            raise forms.ValidationError(_("“%(text)s” is no date."), params={"text": text}) from None
        if is_to_come:
            raise forms.ValidationError(_("This day is still to come."))
        return moment
