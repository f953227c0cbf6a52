"""What the record of security is narrowed by."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ui.forms import DateField

from ..models import SecurityEvent, User


class LogFilter(forms.Form):
    """Person, kind and day; what can't be read narrows nothing."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"), required=False)
    kind = forms.ChoiceField(label=_("What happened"), required=False)
    day = DateField(label=_("Day"), required=False)

    def __init__(self, asked, *, user):
        super().__init__(asked)
        self.fields["person"].queryset = User.objects.visible_to(user)
        self.fields["person"].empty_label = _("Everybody")
        kinds = sorted((str(capfirst(label)), value) for value, label in SecurityEvent.Kind.choices)
        self.fields["kind"].choices = [("", _("Everything")), *((value, label) for label, value in kinds)]
        for field in self.fields.values():
            is_list = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_list else "form-control"
        self.is_valid()

    def narrow(self, events, company):
        """Return those of `events` that are asked for; a day is one of the company's."""
        wanted = self.cleaned_data
        if wanted.get("person"):
            events = events.of(wanted["person"])
        if wanted.get("kind"):
            events = events.filter(kind=wanted["kind"])
        if wanted.get("day"):
            day = wanted["day"]
            events = events.filter(at__gte=company.midnight(day), at__lt=company.end_of(day))
        return events
