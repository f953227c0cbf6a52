"""Numbers of a file, read as its mapping says and in no other way."""

import re

from ui import formats

SPACES = " \u00a0\u2009\u202f'"  # what else than a comma or a point divides thousands


def plain_number(text, decimal):
    """Return the number `text`, whose decimal separator is `decimal`, with a point and nothing else.

    The other one of point and comma divides thousands, or one of SPACES does: always the same one, before
    groups of three digits. Raises ValueError for all else: a guess would write another number than the file.
    """
    other = "." if decimal == "," else ","
    thousands = rf"[1-9][0-9]{{0,2}}(?P<by>[{other}{SPACES}])[0-9]{{3}}(?:(?P=by)[0-9]{{3}})*"
    number = (
        rf"(?P<sign>[-+]?)(?P<whole>{thousands}|[0-9]+|(?=\{decimal}[0-9]))(?:\{decimal}(?P<rest>[0-9]*))?"
    )
    read = re.fullmatch(number, text.replace(formats.MINUS, "-"))
    if not read:
        raise ValueError(text)
    whole = re.sub("[^0-9]", "", read["whole"]) or "0"
    return f"{read['sign']}{whole}.{read['rest']}" if read["rest"] else f"{read['sign']}{whole}"
