"""What a person types about himself."""

from allauth.account.forms import ChangePasswordForm, LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import crispy

from .models import User
from .zones import zone_choices

# What the switches in the frame may set, one at a time.
PREFERENCES = ("language", "theme", "density", "side", "single_keys")


class LogInForm(LoginForm):
    """allauth's, in our words, and without placeholders that say what the labels say."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["login"].label = _("E-mail")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        without_placeholders(self)


class PasswordForm(ChangePasswordForm):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        without_placeholders(self)


def without_placeholders(form):
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class ProfileForm(forms.ModelForm):
    """A person's own page: language, theme, zone, density, keys."""

    class Meta:
        model = User
        fields = ["language", "theme", "density", "time_zone", "single_keys"]
        help_texts = {"language": "", "time_zone": _("Times of your tasks are shown in it.")}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name, empty in {
            "language": _("As in the browser"),
            "theme": _("As in the system"),
            "density": _("Spacious"),
        }.items():
            self.fields[name].choices = [
                (value, label if value else empty) for value, label in self.fields[name].choices
            ]
        self.fields["time_zone"] = forms.ChoiceField(
            label=self.fields["time_zone"].label,
            help_text=self.fields["time_zone"].help_text,
            choices=[("", _("The company's")), *zone_choices()],
            required=False,
        )
        self.helper = crispy()


class PreferenceForm(forms.Form):
    """One switch: its name and its new value, checked by the field of User it belongs to."""

    name = forms.ChoiceField(choices=[(name, name) for name in PREFERENCES])
    value = forms.CharField(required=False, max_length=20)

    def clean(self):
        cleaned = super().clean()
        if "name" in cleaned and "value" in cleaned:
            field = User._meta.get_field(cleaned["name"])
            cleaned["value"] = field.clean(cleaned["value"], None)
        return cleaned
