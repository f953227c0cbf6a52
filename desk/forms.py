"""What the first run asks."""

from crispy_forms.layout import Column, Row
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from accounts.zones import country_choices, zone_choices
from pipeline.ready import READY_PIPELINES
from ui.forms import crispy

from .setup import key_fits


class FirstAdminForm(forms.Form):
    """The first admin; from the network also the key that the start printed."""

    first_name = forms.CharField(label=_("First name"), max_length=100)
    last_name = forms.CharField(label=_("Last name"), max_length=100, required=False)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("You log in with it. Nothing is sent there.")
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters; a phrase is easier to remember than a cipher."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("ru", "Русский"), ("en", "English")],
        help_text=_("Roles, stages and directories will be named in it too."),
    )
    key = forms.CharField(
        label=_("Key"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("It was printed where Voronka was started; it shows that you have access there."),
    )

    def __init__(self, data=None, *, needs_key, key=""):
        super().__init__(data, initial={"language": get_language(), "key": key})
        if not needs_key:
            del self.fields["key"]
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        self.helper = crispy()

    def clean_email(self):
        return self.cleaned_data["email"].strip().lower()

    def clean_key(self):
        if not key_fits(self.cleaned_data["key"]):
            raise forms.ValidationError(_("This is not the key. It is in the lines printed at the start."))
        return self.cleaned_data["key"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("password"):
            person = User(**{name: cleaned.get(name, "") for name in ("first_name", "last_name", "email")})
            try:
                validate_password(cleaned["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        cleaned.pop("key", None)
        return cleaned


class CompanyForm(forms.ModelForm):
    """The company and the first funnel."""

    pipeline = forms.ChoiceField(
        label=_("Ready-made funnel"),
        choices=[(code, ready.name) for code, ready in READY_PIPELINES.items()],
        widget=forms.RadioSelect,
        initial="simple",
    )

    class Meta:
        model = Company
        fields = ["name", "country", "time_zone", "currency"]
        labels = {"name": _("Company name")}

    def __init__(self, data=None, *, language):
        russian = language == "ru"
        super().__init__(
            data,
            initial={
                "country": "RU" if russian else "US",
                "time_zone": "Europe/Moscow" if russian else "UTC",
                "currency": "RUB" if russian else "USD",
            },
        )
        self.fields["country"] = forms.ChoiceField(label=_("Country"), choices=country_choices())
        self.fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=zone_choices())
        self.fields["name"].widget.attrs["autocomplete"] = "organization"
        self.helper = crispy(
            "name",
            Row(*(Column(name, css_class="col-md-4") for name in ("country", "time_zone", "currency"))),
        )

    def ready_pipelines(self):
        """Yield (radio, ready funnel, widths of its picture) for the cards to choose from."""
        for radio, ready in zip(self["pipeline"], READY_PIPELINES.values(), strict=True):
            yield radio, ready, _picture(len(ready.stages), [stage[1] for stage in ready.stages])


def _picture(count, colors):
    """Return (color, x, y, width) of the bars of a small funnel, 72 wide and 9 a stage high."""
    step = 60 / (count - 1) / 2
    return [(color, round(step * n, 1), 9 * n, round(72 - 2 * step * n, 1)) for n, color in enumerate(colors)]
