"""What is typed of an organization."""

from crispy_forms.layout import Column, Fieldset, Row
from django.utils.translation import gettext_lazy as _

from directories.fields import fields_of
from directories.forms import SHOWN, FieldsForm
from records.forms import token_field
from ui.forms import crispy

from .models import Organization


class OrganizationForm(FieldsForm):
    """An organization, new or changed."""

    def __init__(self, user, record=None, data=None, **options):
        super().__init__(fields_of(Organization), user, record, data, **options)
        if record is None:
            self.fields["token"] = token_field()
            self.fields["owner"].initial = user.pk
        own = [field.name for field in self.described if field.is_own]
        self.helper = crispy(
            *[name for name in self.fields if name.startswith(SHOWN) or name == "token"],
            Fieldset(
                _("Organization"),
                "name",
                "legal_name",
                Row(
                    Column("inn", css_class="col-md-4"),
                    Column("kpp", css_class="col-md-4"),
                    Column("ogrn", css_class="col-md-4"),
                ),
                "parent",
            ),
            Fieldset(_("How to reach"), "phones", "emails", "site", "address"),
            *([Fieldset(_("Own fields"), *own)] if own else []),
            *([Fieldset(_("Responsible"), "owner")] if record is None else []),
        )
