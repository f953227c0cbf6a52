"""Search over one folded, trigram-indexed column per model (DESIGN §4)."""

import operator
from functools import reduce

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Cast

MIN_LETTERS = 2  # one letter finds everything, so it finds nothing


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


def fold(text):
    """Fold `text` as the SQL function does."""
    return text.lower().replace("ё", "е")
