"""What a person types about himself, and the choice of a team."""

from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from ui.forms import crispy

from .models import Attempt, Team, User, in_tree
from .zones import zone_choices

INDENT = "\u2003"  # of a team in the tree: the browser keeps it in front of an option, too
# What the switches in the frame may set, one at a time.
PREFERENCES = ("language", "theme", "density", "side", "single_keys")


class TeamChoice(forms.ModelChoiceField):
    """One of the teams among whose people the person may choose, shown as their tree goes."""

    def __init__(self, **options):
        super().__init__(Team.objects.none(), **options)

    def offer(self, user, people):
        """Offer `user` the teams that have somebody of `people` (ids, None for all)."""
        teams = Team.objects.visible_to(user)
        self.queryset = teams if people is None else teams.filter(users__in=people).distinct()
        self.choices = self._rows  # asked for when they are shown

    def _rows(self):
        yield "", self.empty_label
        for team, depth in in_tree(self.queryset):
            yield team.pk, INDENT * depth + team.name


class LogInForm(LoginForm):
    """allauth's, in our words, and without placeholders that say what the labels say."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["login"].label = _("E-mail")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        without_placeholders(self)


class PasswordForm(ChangePasswordForm):
    """allauth's, in our words."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["oldpassword"].label = _("Current password")
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password once more")
        without_placeholders(self)

    def clean_oldpassword(self):
        """Counted like a log-in: whoever finds a browser open can't guess here either."""
        taken = Attempt.objects.take_password(self.user.email, request=context.request)
        password = super().clean_oldpassword()
        for attempt in taken:
            attempt.give_back()
        return password


def without_placeholders(form):
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class ProfileForm(forms.ModelForm):
    """A person's own page: language, theme, zone, density, keys."""

    class Meta:
        model = User
        fields = ["language", "theme", "density", "time_zone", "single_keys"]
        help_texts = {"language": "", "time_zone": _("Your tasks are shown in this zone.")}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name, empty in {
            "theme": _("As in the system"),
            "density": _("Spacious"),
        }.items():
            self.fields[name].choices = [
                (value, capfirst(label) if value else empty) for value, label in self.fields[name].choices
            ]
        self.fields["language"].choices = [
            ("", _("As in the browser")),
            *((code, capfirst(get_language_info(code)["name_local"])) for code, _name in settings.LANGUAGES),
        ]
        self.fields["time_zone"] = forms.ChoiceField(
            label=self.fields["time_zone"].label,
            help_text=self.fields["time_zone"].help_text,
            choices=[("", _("Same as the company")), *zone_choices()],
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
