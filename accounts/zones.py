"""Time zones and countries to choose from, named in the reader's language."""

import zoneinfo
from datetime import UTC, datetime
from functools import cache

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language
from phonenumbers import SUPPORTED_REGIONS

# Zones that stand for a place people live in; the rest of the database are old names.
AREAS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


def zone_choices():
    """Return (name, label) of the IANA zones, by their offset of today: `Москва (UTC+3)`."""
    now = datetime.now(UTC)
    zones = []
    for name, place in _places(_locale()).items():
        offset = now.astimezone(zoneinfo.ZoneInfo(name)).utcoffset()
        zones.append((offset, place, name))
    return [
        ("UTC", "UTC"),
        *((name, f"{place} (UTC{_signed(offset)})") for offset, place, name in sorted(zones)),
    ]


@cache
def _places(locale):
    """Return {zone: its city, as the reader says it}; of the several names of one zone one stands."""
    newer, cities = get_global("zone_aliases"), Locale.parse(locale).time_zones
    places = {}
    for name in sorted(zoneinfo.available_timezones()):
        zone = newer.get(name, name)
        city = cities.get(name, {}).get("city") or cities.get(zone, {}).get("city")
        if zone.startswith(AREAS) and (city or zone not in places):
            places[zone] = city or zone.rpartition("/")[2].replace("_", " ")
    return places


def _locale():
    return (get_language() or "en").replace("-", "_")


def _signed(offset):
    minutes = int(offset.total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def country_choices():
    """Return (ISO 3166 code, name) of the countries that have phone numbers, by name."""
    territories = Locale.parse(_locale()).territories
    return sorted(
        ((code, territories[code]) for code in SUPPORTED_REGIONS if code in territories),
        key=lambda country: country[1],
    )
