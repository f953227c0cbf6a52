"""The kinds of fields, a file a kind. A new kind is one new file and its line here."""

from .date import Date
from .emails import Emails
from .entry import OneEntry
from .link import Link
from .long_text import LongText
from .messengers import Messengers
from .money import Money
from .number import Number
from .phones import Phones
from .record import RecordLink
from .text import Text
from .user import Person

# In this order they are asked whether they describe a built-in field.
KINDS = {
    kind.code: kind
    for kind in (
        Text(),
        LongText(),
        Link(),
        Number(),
        Money(),
        Date(),
        OneEntry(),
        Person(),
        RecordLink(),
        Phones(),
        Emails(),
        Messengers(),
    )
}
OFFERED = [kind for kind in KINDS.values() if kind.is_offered]


def kind_of(model_field):
    """Return the kind that describes the built-in `model_field`."""
    for kind in KINDS.values():
        if kind.suits(model_field):
            return kind
    raise LookupError(f"No kind describes {model_field}.")
