"""Phones: {value (E.164), typed, extension, label}."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberFormat, ValidationResult

from accounts.models import Company

from .rows import Rows

LABELS = [("mobile", _("mobile")), ("work", _("work")), ("home", _("home")), ("other", _("other"))]
LETTERS = 60  # a number with its extension and remarks
RUSSIAN_EXAMPLE = "+7 900 123-45-67"  # what a library has for Russia is a number of a region


def country_of_company():
    company = Company.objects.current()
    return company.country if company else "RU"


def _example(country):
    """A phone of `country` to show how one is written; none that somebody in a region might have."""
    number = phonenumbers.example_number(country) if country not in (None, "RU") else None
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if number else RUSSIAN_EXAMPLE


def phone(text, label="", country=None):
    """Return the phone that `text` means in `country` (ISO 3166; the company's). Raises ValidationError."""
    country = country or country_of_company()
    try:
        if len(text) > LETTERS:
            raise ValueError
        number = phonenumbers.parse(text, country)
        if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
            raise ValueError
    except (phonenumbers.NumberParseException, ValueError):
        raise ValidationError(
            _("“%(text)s” is no phone number. Write it like %(example)s."),
            params={
                "text": text[:LETTERS],
                "example": _example(country),
            },
        ) from None
    return {
        "value": phonenumbers.format_number(number, PhoneNumberFormat.E164),
        "typed": text,
        "extension": number.extension or "",
        "label": label,
    }


def pretty(item):
    """+7 812 555-01-42, ext. 12."""
    try:
        number = phonenumbers.parse(item["value"], None)
    except phonenumbers.NumberParseException:
        return item["value"]
    text = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL).replace(" ", "\u00a0")
    if item.get("extension"):
        return _("%(number)s, ext. %(extension)s") % {"number": text, "extension": item["extension"]}
    return text


def written(phones):
    """Return a record's phones as people read them: dicts of value (E.164) and text."""
    return [{"value": item["value"], "text": str(pretty(item))} for item in phones]


def primary(phones):
    """Return the first of a record's phones as `written` does, None if it has none."""
    return next(iter(written(phones[:1])), None)


class Phones(Rows):
    code = "phones"
    label = _("phones")
    choices = LABELS
    input_type = "tel"
    names = ("phones",)

    def item(self, text, choice):
        return phone(text, choice)

    def parts(self, value, field):
        labels = dict(LABELS)
        return [
            {
                "text": str(pretty(item)),
                "href": f"tel:{item['value']}",
                "label": labels.get(item.get("label"), ""),
                "icon": "phone",
            }
            for item in value or ()
        ]
