"""What is typed of a contact."""

from crispy_forms.layout import HTML, Column, Field, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rights import Right
from directories.fields import fields_of
from directories.forms import SHOWN, FieldsForm
from directories.kinds.record import MOST_MATCHES, RecordField, RecordInput
from organizations.models import Organization
from records.forms import check_constraints, token_field
from records.models import FormToken
from ui.forms import crispy

from .models import Contact
from .recognition import doubles_of

NEW = "+"  # before the name of an organization that is to be made


class OrganizationInput(RecordInput):
    """Among those that fit also offers to make a new one."""

    new_name = ""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["new"] = self.new_name
        return context


class OrganizationField(RecordField):
    """Cleans to the organization of that name that `user` sees, or to a new one, not saved yet.

    When others fit the name in part, the choice is asked for; a name after "+" is new without a question.
    """

    def __init__(self, user, present=None, **options):
        super().__init__(Organization, user, present, **options)
        self.widget = OrganizationInput(str(Organization.entity))
        self.widget.is_required = self.required

    def to_python(self, value):
        name = str(value or "").strip()
        if not self.user.has_right(Right.CHANGE_ORGANIZATIONS):
            return super().to_python(value)
        if name.startswith(NEW):
            return self._new(name.removeprefix(NEW).strip())
        try:
            return super().to_python(value)
        except ValidationError as refusal:
            if refusal.code == "absent":
                alike = list(self.choices().called_like(name).by_name()[:MOST_MATCHES])
                if not alike:
                    return self._new(name)
                self.widget.matches, self.widget.new_name = alike, name
                raise ValidationError(
                    _("Organizations of a like name are here. Choose one of them, or the new one."),
                    code="several",
                ) from None
            if not any(str(each).casefold() == name.casefold() for each in self.widget.matches):
                self.widget.new_name = name
            raise

    def _new(self, name):
        organization = Organization(name=name)
        organization.clean_fields(exclude={each.name for each in Organization._meta.fields} - {"name"})
        return organization


class ContactForm(FieldsForm):
    """A contact, new or changed. Its doubles are shown once, and can be saved all the same."""

    save_anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, user, record=None, data=None, **options):
        self.user, self.doubles = user, None
        super().__init__(fields_of(Contact), user, record, data, **options)
        described = self.described
        present = record.organization if record else None
        self.fields["organization"] = OrganizationField(
            user,
            present,
            label=self.fields["organization"].label,
            required=False,
            help_text=_("Known ones are suggested; one with a new name will be made.")
            if user.has_right(Right.CHANGE_ORGANIZATIONS)
            else "",
        )
        if record is None:
            self.fields["token"] = token_field()
            self.fields["owner"].initial = user.pk
        own = [field.name for field in described if field.is_own]
        hidden = [name for name in self.fields if name.startswith(SHOWN) or name in ("token", "save_anyway")]
        self.helper = crispy(
            *hidden,
            Fieldset(
                pgettext_lazy("of a person", "Name"),
                Row(
                    Column("last_name", css_class="col-md-4"),
                    Column("first_name", css_class="col-md-4"),
                    Column("patronymic", css_class="col-md-4"),
                ),
                Row(Column("organization", css_class="col-md-6"), Column("position", css_class="col-md-6")),
            ),
            Fieldset(_("How to reach"), "phones", "emails", HTML(DOUBLES_HERE), "messengers"),
            Fieldset(
                _("About the person"),
                Row(Column("source", css_class="col-md-6"), Column("birthday", css_class="col-md-6")),
                Field("needs", rows=4),
                *own,
                *(["owner"] if record is None else []),
            ),
        )

    def clean(self):
        cleaned = super().clean()
        names = ("first_name", "last_name")
        if not self.errors and not any(cleaned.get(name) for name in names):
            check_constraints(self.record or Contact(), {name: "" for name in names})
        is_asked = not self.errors and not cleaned.get("save_anyway")
        if is_asked and not FormToken.objects.is_spent(cleaned.get("token"), by=self.user):
            self._look_for_doubles(cleaned)
        return cleaned

    def _look_for_doubles(self, cleaned):
        """Refuse once, if somebody has one of the phones or e-mails that are typed anew."""
        before = self.record.phones + self.record.emails if self.record else []
        known = {item["value"] for item in before}
        phones, emails = (
            [item for item in cleaned.get(name) or () if item["value"] not in known]
            for name in ("phones", "emails")
        )
        self.doubles = doubles_of(phones, emails, user=self.user, besides=self.record)
        if self.doubles:
            self.add_error(None, _("Somebody with this phone or e-mail is here already. See below."))


# While a phone or an e-mail is typed, htmx asks whether somebody has it.
DOUBLES_HERE = (
    """{% include "contacts/form.html#doubles" with doubles=form.doubles record=form.record only %}"""
)
