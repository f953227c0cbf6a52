"""What the forms of all records share: the one-time token, what was shown, the responsible."""

import json
import uuid

from django import forms
from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


def token_field():
    """The hidden one-time token of a form that makes something: sent twice, it makes one (TRUST R9)."""
    return forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)


class ShownField(forms.CharField):
    """The hidden values in which a form showed its record: name → value, signed.

    They go back to the door, which refuses what somebody else has changed since.
    """

    widget = forms.HiddenInput

    def __init__(self, **options):
        super().__init__(strip=False, **options)

    def prepare_value(self, value):
        if not isinstance(value, dict):
            return value
        plain = {name: each.pk if isinstance(each, models.Model) else each for name, each in value.items()}
        return signing.Signer(salt="records.shown").sign(json.dumps(plain, cls=DjangoJSONEncoder))

    def clean(self, value):
        try:
            return json.loads(signing.Signer(salt="records.shown").unsign(super().clean(value)))
        except signing.BadSignature:
            raise forms.ValidationError(_("Open the form again: it was changed on its way.")) from None


class AssignForm(forms.Form):
    """Who becomes responsible for `record`, of those whom `user` may choose."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("responsible"), empty_label=None)
    seen_with = forms.ModelChoiceField(User.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args, record, user, **kwargs):
        super().__init__(*args, initial={"owner": record.owner_id, "seen_with": record.owner_id}, **kwargs)
        self.fields["owner"].queryset = User.objects.assignable_by(user, record.entity)
        self.fields["seen_with"].queryset = User.objects.visible_to(user)
