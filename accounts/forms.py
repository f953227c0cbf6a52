"""What a person types about himself and about a colleague, and the choice of a team."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    UserTokenForm,
)
from allauth.core import context
from crispy_forms.layout import Column, Row
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from ui.forms import crispy

from .asking import ask_for_password
from .models import Attempt, Role, Team, User, in_tree
from .zones import zone_choices

INDENT = "\u2003"  # of a team in the tree: the browser keeps it in front of an option, too
PASSWORD_HELP = _("At least 10 characters; a phrase is easier to remember than a cipher.")
# What the switches in the frame may set, one at a time.
PREFERENCES = ("language", "theme", "density", "side", "single_keys")


LEAST_ROLE = "manager"  # what an invitation offers first: nobody becomes an administrator by a slip


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
        self.fields["password"].help_text = ""  # the page has the link to a new one
        without_placeholders(self)


class PasswordForm(ChangePasswordForm):
    """allauth's, in our words."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["oldpassword"].label = _("Current password")
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = PASSWORD_HELP
        self.fields["oldpassword"].help_text = ""  # what allauth says of a forgotten one
        self.fields["password2"].label = _("New password once more")
        without_placeholders(self)

    def clean_oldpassword(self):
        """Counted like a log-in: whoever finds a browser open can't guess here either."""
        taken = Attempt.objects.take_password(self.user.email, request=context.request)
        password = super().clean_oldpassword()
        for attempt in taken:
            attempt.give_back()
        return password


class AskForPasswordForm(ResetPasswordForm):
    """allauth's, but nobody is looked up: what a request does is the same for every address (S12)."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        without_placeholders(self)

    def clean_email(self):
        return self.cleaned_data["email"].strip().lower()

    def save(self, request, **_options):
        ask_for_password(self.cleaned_data["email"], request=request)
        return self.cleaned_data["email"]


class NewPasswordForm(ResetPasswordKeyForm):
    """allauth's, in our words; once is enough, since a forgotten one is asked for by letter."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        del self.fields["password2"]
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = PASSWORD_HELP
        without_placeholders(self)


class LinkForm(UserTokenForm):
    """allauth's check of a link, which also asks whether its person may still enter."""

    def clean(self):
        """Count what may be a guess. Raises TooManyAttempts."""
        attempt = Attempt.objects.take_link(request=context.request)
        cleaned = super().clean()
        attempt.give_back()
        return cleaned

    def _get_user(self, uidb36):
        person = super()._get_user(uidb36)
        return person if person and person.may_enter else None


class EmailForm(forms.Form):
    """Another e-mail to log in with, and the password once more."""

    email = forms.EmailField(
        label=_("New e-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Current password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.user = user
        self.helper = crispy()

    def clean_email(self):
        email = self.cleaned_data["email"].strip().lower()
        if email == self.user.email:
            raise forms.ValidationError(_("You log in with this e-mail already."))
        return email

    def clean_password(self):
        """Counted like a log-in. Raises TooManyAttempts."""
        password = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("incorrect_password")
        return password


class InviteForm(forms.Form):
    """A colleague to be: address, role, team."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "off"})
    )
    role = forms.ModelChoiceField(Role.objects.none(), label=_("Role"))
    team = TeamChoice(label=_("Team"), required=False, empty_label=_("No team"))

    def __init__(self, *args, by, **options):
        super().__init__(*args, **options)
        roles = self.fields["role"].queryset = Role.objects.given_by(by)
        self.initial["role"] = next((role for role in roles if role.code == LEAST_ROLE), None)
        self.fields["team"].offer(by, None)
        self.helper = crispy(
            "email", Row(Column("role", css_class="col-md-6"), Column("team", css_class="col-md-6"))
        )

    def clean_email(self):
        return self.cleaned_data["email"].strip().lower()


class JoinForm(forms.ModelForm):
    """What the invited says of himself."""

    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=PASSWORD_HELP,
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "language"]
        help_texts = dict.fromkeys(fields, "")

    def __init__(self, *args, email, language, **options):
        super().__init__(*args, **options)
        self.instance.email = email
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"
        self.fields["language"].choices = own_names_of_languages()
        self.fields["language"].required = True
        self.initial["language"] = language
        self.order_fields(["first_name", "last_name", "password", "language"])
        self.helper = crispy()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("password"):
            names = {name: cleaned.get(name, "") for name in ("first_name", "last_name")}
            try:
                validate_password(cleaned["password"], User(email=self.instance.email, **names))
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return cleaned


def own_names_of_languages():
    return [(code, capfirst(get_language_info(code)["name_local"])) for code, _name in settings.LANGUAGES]


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
            *own_names_of_languages(),
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
