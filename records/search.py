"""Search over one folded, trigram-indexed column per model (DESIGN §4)."""

import operator
import re
from functools import reduce

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Cast

MIN_LETTERS = 2  # one letter finds everything, so it finds nothing
MIN_DIGITS = 4  # people remember the last four digits of a phone
NUMBER = re.compile(r"[\d\s().+/\-\u2010-\u2013\u00a0]+")  # digits and what is written between them
TRUNK_PREFIXES = ("8", "0")  # dialled at home before a number that is kept as +7 or +44


class Fold(Func):
    """`fold(text)` of the first migration: case and ё/е do not matter."""

    function = "fold"
    arity = 1
    output_field = TextField()


class WordsOf(Func):
    """`words_of(jsonb)`: the values of a list of phones or e-mails as one text."""

    function = "words_of"
    arity = 1
    output_field = TextField()


class KeysOf(Func):
    """`keys_of(jsonb)`: the normalised values of a list of phones or e-mails as text[]."""

    function = "keys_of"
    arity = 1


class Joined(Func):
    """Texts joined by `||`, which is immutable where concat_ws is not (FACTS 25)."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = TextField()


def folded(*parts):
    """Return the folded text of fields and expressions, each word begun by a space."""
    joined = []
    for part in parts:
        joined += [Value(" "), Cast(F(part), TextField()) if isinstance(part, str) else part]
    return Fold(Joined(*joined))


def matching(text, column="search"):
    """Return the condition that `column` holds every word of `text`; two letters begin a word."""
    words = [word for word in fold(text).split() if len(word) >= MIN_LETTERS]
    if not words:
        return None
    return reduce(
        operator.and_,
        (Q(**{f"{column}__contains": f" {word}" if len(word) == MIN_LETTERS else word}) for word in words),
    )


def matching_number(text, column="search"):
    """Return the condition that `column` holds the number `text`, in any spelling; None if it is none.

    8 (912) 345-67-89, +7 912 345 67 89 and 6789 find +79123456789.
    """
    digits = re.sub(r"\D", "", text)
    if len(digits) < MIN_DIGITS or not NUMBER.fullmatch(text.strip()):
        return None
    condition = Q(**{f"{column}__contains": digits})
    if len(digits) > MIN_DIGITS and digits.startswith(TRUNK_PREFIXES):
        condition |= Q(**{f"{column}__contains": digits.lstrip("0").removeprefix("8")})
    return condition


def fold(text):
    """Fold `text` as the SQL function does; without NUL, which no text in PostgreSQL has."""
    return text.replace("\x00", "").lower().replace("ё", "е")
