"""What is typed of an organization."""

from crispy_forms.layout import HTML, Column, Fieldset, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from directories.fields import fields_of
from directories.forms import SHOWN, FieldsForm
from records.forms import token_field
from records.models import FormToken
from ui.forms import crispy

from .models import Organization
from .recognition import NAMING, doubles_of


class OrganizationForm(FieldsForm):
    """An organization, new or changed. Its doubles are shown once, and can be saved all the same."""

    save_anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, user, record=None, data=None, **options):
        self.user, self.doubles = user, None
        super().__init__(fields_of(Organization), user, record, data, **options)
        if record is None:
            self.fields["token"] = token_field()
            self.fields["owner"].initial = user.pk
        own = [field.name for field in self.described if field.is_own]
        self.helper = crispy(
            *[name for name in self.fields if name.startswith(SHOWN) or name in ("token", "save_anyway")],
            Fieldset(
                _("Organization"),
                "name",
                "legal_name",
                Row(
                    Column("inn", css_class="col-md-4"),
                    Column("kpp", css_class="col-md-4"),
                    Column("ogrn", css_class="col-md-4"),
                ),
                HTML(DOUBLES_HERE),
                "parent",
            ),
            Fieldset(_("How to reach"), "phones", "emails", "site", "address"),
            *([Fieldset(_("Own fields"), *own)] if own else []),
            *([Fieldset(_("Responsible"), "owner")] if record is None else []),
        )

    def clean(self):
        cleaned = super().clean()
        is_asked = not self.errors and not cleaned.get("save_anyway")
        if is_asked and not FormToken.objects.is_spent(cleaned.get("token"), by=self.user):
            self._look_for_doubles(cleaned)
        return cleaned

    def _look_for_doubles(self, cleaned):
        """Refuse once, if another organization has the name, INN, phone or e-mail that is typed anew."""
        anew = {name: self._anew(name, cleaned[name]) for name in NAMING if cleaned.get(name)}
        if "inn" in anew:
            anew["kpp"] = cleaned["kpp"]
        self.doubles = doubles_of(anew, user=self.user, besides=self.record)
        if self.doubles:
            self.add_error(None, _("This organization seems to be here already. See below."))

    def _anew(self, name, value):
        """Of `value` what the record doesn't have in the field `name` yet."""
        before = self.record.read(name) if self.record else type(value)()
        if isinstance(value, list):
            known = {item["value"] for item in before}
            return [item for item in value if item["value"] not in known]
        return "" if value == before else value


# While one of its fields is typed, htmx asks whether such an organization is here.
DOUBLES_HERE = (
    """{% include "organizations/form.html#doubles" with doubles=form.doubles record=form.record only %}"""
)
