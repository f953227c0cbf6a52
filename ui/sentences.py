"""What Django's own fields say of a wrong value, in our words: for every form here, the admin's too."""

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _

NO_SUCH_CHOICE = _("There is no such choice in the list.")


def speak_plainly() -> None:
    """Put short sentences in the place of Django's, on its fields and validators themselves.

    Their Russian has two sentences of twenty words for a choice that is not there, and the catalogues
    can't shorten the English ones.
    """
    for field in (
        forms.ChoiceField,
        forms.MultipleChoiceField,
        forms.ModelChoiceField,
        forms.ModelMultipleChoiceField,
    ):
        field.default_error_messages["invalid_choice"] = NO_SUCH_CHOICE
    forms.ModelMultipleChoiceField.default_error_messages["invalid_pk_value"] = NO_SUCH_CHOICE
    validators.MinValueValidator.message = _("Not less than %(limit_value)s.")
    validators.MaxValueValidator.message = _("Not more than %(limit_value)s.")
    validators.MinLengthValidator.message = _(
        "Too short: %(show_value)s characters, at least %(limit_value)s are needed."
    )
    validators.MaxLengthValidator.message = _(
        "Too long: %(show_value)s characters, at most %(limit_value)s fit."
    )
    of_numbers: dict = validators.DecimalValidator.messages
    of_numbers["max_digits"] = _("Too many digits: at most %(max)s fit.")
    of_numbers["max_decimal_places"] = _("Too many digits after the point: at most %(max)s fit.")
    of_numbers["max_whole_digits"] = _("Too large: at most %(max)s digits before the point fit.")
