"""E-mail addresses: {value (lower-cased), typed, extension (empty), label}."""

from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .rows import LETTERS, Rows

LABELS = [
    ("work", pgettext_lazy("an e-mail", "work")),
    ("personal", pgettext_lazy("an e-mail", "personal")),
    ("other", pgettext_lazy("an e-mail", "other")),
]


def email(text, label=""):
    """Return the address that `text` is, lower-cased. Raises ValidationError."""
    value = text.strip().lower()
    try:
        if len(value) > LETTERS:
            raise ValidationError("")
        validate_email(value)
    except ValidationError:
        raise ValidationError(
            _("“%(text)s” is no e-mail address. Write it like name@example.com."),
            params={"text": text[:LETTERS]},
        ) from None
    return {"value": value, "typed": text.strip(), "extension": "", "label": label}


class Emails(Rows):
    code = "emails"
    label = _("e-mails")
    choices = LABELS
    input_type = "email"
    names = ("emails",)

    def item(self, text, choice):
        return email(text, choice)

    def parts(self, value, field):
        labels = dict(LABELS)
        return [
            {
                "text": item["value"],
                "href": f"mailto:{quote(item['value'], safe='@')}",
                "label": labels.get(item.get("label"), ""),
                "icon": "mail",
            }
            for item in value or ()
        ]
