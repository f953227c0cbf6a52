"""Stable codes made from words: «Размер партии» → razmer_partii."""

import re

LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch  y  e yu ya".split(" "),
        strict=True,
    )
)


def code_of(words, taken=(), between="-", letters=60):
    """Return a code of latin letters, digits and `between` for `words`, one that is not `taken`."""
    latin = "".join(LATIN.get(letter, letter) for letter in words.lower())
    stem = re.sub(r"[^a-z0-9]+", between, latin.encode("ascii", "ignore").decode()).strip(between)
    stem = stem[: letters - 4].strip(between) if stem[:1].isalpha() else f"f{between}{stem}"[: letters - 4]
    code, number = stem, 1
    while code in taken:
        number += 1
        code = f"{stem}{between}{number}"
    return code
