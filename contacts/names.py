"""A name as people type it, in whichever order: which word is the first name, which the last."""

import re
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from records.search import fold
from ui.formats import is_russian

from .models import Contact

FIRST_NAMES = Path(__file__).with_name("first_names_ru.txt")  # the file says where they come from
PATRONYMIC = re.compile(r"(ович|евич|ич|овна|евна|ична|инична|оглы|кызы)$", re.IGNORECASE)
SON_OR_DAUGHTER = ("оглы", "кызы")  # after the father's name
# How last names end: Russian (Новиков, Кузьмина, Бродский, Черных), Ukrainian (Шевченко, Ковальчук),
# Armenian (Саркисян), Georgian (Беридзе, Саакашвили). A first name that ends so stands in the list.
LAST_NAME = re.compile(
    r"[а-я](?:[оеё]ва?|[иы]на?|[оы]й|[сц]кий|[иы]х|ая|ко|[уюая]к|янц?|дзе|швили)$", re.IGNORECASE
)
INITIALS = re.compile(r"\w|(?:\w\.-?){1,3}")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)


def split_name(text):
    """Return first_name, patronymic and last_name of `text`, cut to the lengths of Contact.

    What is certain decides, in this order: a comma («Новиков, Олег»: the last name stands before it);
    a patronymic, before which the first name stands, unless only another word is a known one; known
    first names and initials are the first name, the rest the last; of a woman's first name and a man's
    the woman's («Анна Герман»: a man's can be her last name); endings of last names. A single word is a
    last name if it ends like one and is no known first name, else a first name.

    Where nothing is certain («Нгуен Ань», «Олег Роман»), Cyrillic words begin with the last name where
    Russian is read, as the lists here do; in English, and in Latin letters, the first name stands first.
    """
    before, comma, after = text.partition(",")
    words = text.replace(",", " ").split()
    patronymic = next((at for at, word in enumerate(words) if at and PATRONYMIC.search(word)), None)
    if patronymic is not None and patronymic > 1 and fold(words[patronymic]) in SON_OR_DAUGHTER:
        patronymic -= 1
        words[patronymic : patronymic + 2] = [" ".join(words[patronymic : patronymic + 2])]
    middle = words.pop(patronymic) if patronymic is not None else ""
    if comma and len(before.split()) == 1 and after.strip():
        last, first = words[:1], words[1:]
    elif middle:
        first, last = _around(words, patronymic - 1)
    else:
        first, last = _sorted_out(words)
    limit = Contact._meta.get_field("first_name").max_length
    names = {"first_name": " ".join(first), "patronymic": middle, "last_name": " ".join(last)}
    return {name: value[:limit] for name, value in names.items()}


def understood(names):
    """Say in words what split_name has read: last name Новиков, first name Олег."""
    said = {
        "last_name": _("last name %(name)s"),
        "first_name": _("first name %(name)s"),
        "patronymic": _("patronymic %(name)s"),
    }
    return ", ".join(text % {"name": names[part]} for part, text in said.items() if names[part])


def _around(words, at):
    """First and last names of `words`, of which the one at `at` stood before a patronymic."""
    known = [place for place, word in enumerate(words) if _is_first(word)]
    if len(known) == 1:
        at = known[0]
    return [words[at]], words[:at] + words[at + 1 :]


def _sorted_out(words):
    """First and last names of `words` without a patronymic."""
    if len(words) < 2:
        return ([], words) if words and _is_last(words[0]) else (words, [])
    for is_first in (
        _is_first,
        lambda word: fold(word) in _first_names()["women"],
        lambda word: not _is_last(word),
    ):
        first = [word for word in words if is_first(word)]
        if first and len(first) < len(words):
            return first, [word for word in words if word not in first]
    if is_russian() and all(CYRILLIC.search(word) for word in words):
        return words[1:], words[:1]
    return words[:1], words[1:]


def _is_first(word):
    """Whether `word` is a known first name («Анна-Мария» too), or initials."""
    known = _first_names()
    parts = fold(word).split("-")
    return bool(INITIALS.fullmatch(word)) or all(
        part in known["men"] or part in known["women"] for part in parts
    )


def _is_last(word):
    return bool(len(word) > 3 and LAST_NAME.search(word) and not _is_first(word))


@cache
def _first_names():
    """The folded names of the list: {"men": …, "women": …}."""
    names, into = {"men": set(), "women": set()}, set()
    for line in FIRST_NAMES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            into = names[line.strip("[]")]
        elif line and not line.startswith("#"):
            into.add(fold(line))
    return names
