"""Checksums of Russian registration numbers.

ИНН: приказ ФНС ЕД-7-14/559@; ОГРН: приказ Минфина № 165н; КПП has a form, and no checksum.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
INN_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
INN_12 = (3, *INN_11)


def _control(digits, weights):
    return sum(int(d) * w for d, w in zip(digits, weights, strict=False)) % 11 % 10


def check_inn(value):
    """Raise ValidationError unless `value` is an INN of 10 or 12 digits with right control digits."""
    if not re.fullmatch(r"[0-9]{10}|[0-9]{12}", value):
        raise ValidationError(_("An INN has 10 digits (a firm) or 12 (a person)."))
    if len(value) == 10:
        right = int(value[9]) == _control(value, INN_10)
    else:
        right = int(value[10]) == _control(value, INN_11) and int(value[11]) == _control(value, INN_12)
    if not right:
        raise ValidationError(_("This INN has a mistake: its control digits don't fit."))


def check_kpp(value):
    """Raise ValidationError unless `value` has the form of a KPP: NNNN, two digits or letters, NNN."""
    if not re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", value):
        raise ValidationError(_("A KPP has 9 characters, for example 770701001."))


def check_ogrn(value):
    """Raise ValidationError unless `value` is an OGRN (13 digits) or OGRNIP (15) with its control digit."""
    if not re.fullmatch(r"[0-9]{13}|[0-9]{15}", value):
        raise ValidationError(_("An OGRN has 13 digits, an OGRNIP 15."))
    body, control = int(value[:-1]), int(value[-1])
    if body % (len(value) - 2) % 10 != control:
        raise ValidationError(_("This OGRN has a mistake: its control digit doesn't fit."))
