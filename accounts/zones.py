"""Time zones and countries to choose from, named in the reader's language."""

import zoneinfo
from datetime import UTC, datetime

from babel import Locale
from django.utils.translation import get_language

# Zones that stand for a place people live in; the rest of the database are old names.
AREAS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


def zone_choices():
    """Return (name, label) of the IANA zones, by their offset of today: `Europe/Moscow (UTC+3)`."""
    now = datetime.now(UTC)
    zones = []
    for name in zoneinfo.available_timezones():
        if name.startswith(AREAS):
            offset = now.astimezone(zoneinfo.ZoneInfo(name)).utcoffset()
            zones.append((offset, name, f"{name.replace('_', ' ')} (UTC{_signed(offset)})"))
    return [("UTC", "UTC"), *((name, label) for _offset, name, label in sorted(zones))]


def _signed(offset):
    minutes = int(offset.total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def country_choices():
    """Return (ISO 3166 code, name) of all countries, by name."""
    territories = Locale.parse((get_language() or "en").replace("-", "_")).territories
    return sorted(
        ((code, name) for code, name in territories.items() if len(code) == 2 and code.isalpha()),
        key=lambda country: country[1],
    )
