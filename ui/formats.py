"""Money, numbers, moments and days as people read them: in their language, their zone.

Lengths of time and sums never break over two lines: no-break spaces hold them together.
"""

import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

NBSP = "\u00a0"
MINUS = "\u2212"
# What people write beside a sum; any other currency shows its ISO 4217 code.
SYMBOLS = {
    "RUB": "₽",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "KZT": "₸",
    "UAH": "₴",
    "TRY": "₺",
    "INR": "₹",
    "GEL": "₾",
    "AMD": "֏",
    "ILS": "₪",
    "BYN": "Br",
    "CNY": "CN¥",
    "JPY": "¥",
}
MONTHS = [
    pgettext_lazy("after a day", "Jan"),
    pgettext_lazy("after a day", "Feb"),
    pgettext_lazy("after a day", "Mar"),
    pgettext_lazy("after a day", "Apr"),
    pgettext_lazy("after a day", "May"),
    pgettext_lazy("after a day", "Jun"),
    pgettext_lazy("after a day", "Jul"),
    pgettext_lazy("after a day", "Aug"),
    pgettext_lazy("after a day", "Sep"),
    pgettext_lazy("after a day", "Oct"),
    pgettext_lazy("after a day", "Nov"),
    pgettext_lazy("after a day", "Dec"),
]


def is_russian() -> bool:
    return (get_language() or "").startswith("ru")


def num(value, places: int | None = None, *, grouped: bool = True) -> str:
    """1 234 567,5 or 1,234,567.5; decimals as they are, or rounded to `places`; a year is not `grouped`."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{abs(number):{',' if grouped else ''}f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if is_russian():
        text = text.replace(",", NBSP).replace(".", ",")
    return MINUS + text if number < 0 else text


def money(amount, currency: str = "") -> str:
    """1 234 567,50 ₽ or ₽1,234,567.50; no decimals when there are none; '' for no amount."""
    if amount is None or amount == "":
        return ""
    amount = Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = num(abs(amount), 0 if amount == amount.to_integral_value() else 2)
    sign = MINUS if amount < 0 else ""
    symbol = SYMBOLS.get(currency, currency)
    if not symbol:
        return sign + text
    if is_russian():
        return f"{sign}{text}{NBSP}{symbol}"
    return f"{sign}{symbol}{NBSP if symbol.isalpha() else ''}{text}"


def currency_sign(currency: str) -> str:
    return SYMBOLS.get(currency, currency)


def capped(number: int, is_capped: bool) -> str:
    return f"{num(number)}+" if is_capped else num(number)


def day(value) -> str:
    """9 окт. or 9 Oct; with the year unless it is this one."""
    if not value:
        return ""
    value = _local_date(value)
    if value.year == timezone.localdate().year:
        return f"{value.day}{NBSP}{MONTHS[value.month - 1]}"
    return f"{value.day}{NBSP}{MONTHS[value.month - 1]} {value.year}"


def clock(value) -> str:
    """14:02 in the reader's zone."""
    return timezone.localtime(value).strftime("%H:%M") if value else ""


def when(value) -> str:
    """When it happened: 14:02 today, yesterday, else the day."""
    if not value:
        return ""
    days = (timezone.localdate() - _local_date(value)).days
    if days == 0 and isinstance(value, datetime.datetime):
        return clock(value)
    return {0: _("today"), 1: _("yesterday")}.get(days) or day(value)


def moment(value) -> str:
    """The day and the time: 9 окт., 14:02."""
    if not value:
        return ""
    return f"{day(value)}, {clock(value)}"


def due(value) -> str:
    """When it is due: Today, 15:00; Tomorrow, 10:00; 14 окт. (a day alone has no time)."""
    if not value:
        return ""
    days = (_local_date(value) - timezone.localdate()).days
    name = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}.get(days)
    if name and isinstance(value, datetime.datetime):
        return f"{name}, {clock(value)}"
    return name or day(value)


def days(number: int) -> str:
    """3 дня or 3 days."""
    number = int(number)
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": num(number)}


def days_short(number: int) -> str:
    """3 дн. or 3 d, today for none: how long a deal has stood in its stage."""
    number = int(number)
    if number <= 0:
        return _("today")
    return _("%(number)s d") % {"number": num(number)}


def percent(share) -> str:
    """0.345 → 35 %, and '' if there is no share."""
    if share is None:
        return ""
    return (
        f"{num(Decimal(str(share)) * 100, 0)}{NBSP}%"
        if is_russian()
        else f"{num(Decimal(str(share)) * 100, 0)}%"
    )


def initials(name: str) -> str:
    """The first letters of the first two words that have one."""
    words = [word for word in (part.strip("«»\"'()„“”") for part in str(name).split()) if word[:1].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()


def color_of(thing) -> int:
    """The palette's number, 1 to 10, of a record or an id."""
    key = getattr(thing, "pk", thing)
    return (key or 0) % 10 + 1


def _local_date(value: datetime.date) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return value
