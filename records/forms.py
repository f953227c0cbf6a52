"""What the forms of all records share: the one-time token, the constraints, the responsible."""

import copy
import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


def token_field():
    """The hidden one-time token of a form that makes something: sent twice, it makes one (TRUST R9)."""
    return forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)


def check_constraints(record, values):
    """Raise ValidationError, with the constraint's sentence, if `record` with `values` would break one."""
    changed = copy.copy(record)
    for name, value in values.items():
        if hasattr(record, name):
            setattr(changed, name, value)
    changed.validate_constraints()


class AssignForm(forms.Form):
    """Who becomes responsible for `record`, of those whom `user` may choose."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("responsible"), empty_label=None)
    seen_with = forms.ModelChoiceField(User.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args, record, user, **kwargs):
        super().__init__(*args, initial={"owner": record.owner_id, "seen_with": record.owner_id}, **kwargs)
        self.fields["owner"].queryset = User.objects.assignable_by(user, record.entity)
        self.fields["seen_with"].queryset = User.objects.visible_to(user)
