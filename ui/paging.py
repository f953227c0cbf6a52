"""Lists by key, never by offset; counts that stop counting."""

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from .formats import capped

CAP = 10_000


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, and the key that the next page begins after ('' at the end)."""

    rows: list
    next_key: str

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def by_key(queryset: QuerySet, *, order: tuple[str, ...], after: str | None = None, size: int = 50) -> Page:
    """The `size` rows of `queryset` that come after the key `after`, by `order`.

    `order` names columns in one direction (`("-stage_since", "-id")`), the last of them unique; the
    first may be empty, and rows without it come last. One row comparison serves a page, and a second
    one the empty ones, each with one index. A key that is not ours leads to the first page.
    """
    names = [name.lstrip("-") for name in order]
    descending = order[0].startswith("-")
    if any(name.startswith("-") != descending for name in order):
        raise ValueError("A list goes by key in one direction only")
    key = _read(after, queryset, order)
    if len(names) == 1 or not _may_be_empty(queryset, names[0]):
        rows = list(_after(queryset, names, descending, key)[: size + 1])
        return _cut(rows, names, size, queryset, order)

    first, *rest = names
    rows = []
    if key is None or key[0] is not None:
        filled = queryset.filter(**{f"{first}__isnull": False})
        rows += _after(filled, names, descending, key)[: size + 1]
        key = None
    if len(rows) <= size:
        empty = queryset.filter(**{f"{first}__isnull": True})
        rows += _after(empty, rest, descending, key and key[1:])[: size + 1 - len(rows)]
    return _cut(rows, names, size, queryset, order)


def first_page(rows: list, queryset: QuerySet, *, order: tuple[str, ...], size: int = 50) -> Page:
    """The first page of `rows`, at most `size` + 1 of `queryset` by `order`, which one query fetched for many
    lists.
    """
    return _cut(rows, [name.lstrip("-") for name in order], size, queryset, order)


@dataclass(frozen=True)
class Count:
    """A count that stops at its cap; written "10 000+" there."""

    number: int
    is_capped: bool

    def __str__(self):
        return capped(self.number, self.is_capped)

    def __bool__(self):
        return self.number > 0

    def __int__(self):
        return self.number


def capped_count(queryset: QuerySet, cap: int = CAP) -> Count:
    """How many rows, counting at most `cap` of them."""
    number = queryset.order_by()[: cap + 1].count()
    return Count(min(number, cap), number > cap)


def _after(queryset, names, descending, key):
    if key is not None:
        lookup = TupleLessThan if descending else TupleGreaterThan
        queryset = queryset.filter(lookup(Tuple(*map(F, names)), tuple(key)))
    return queryset.order_by(*(f"-{name}" if descending else name for name in names))


def _may_be_empty(queryset, name) -> bool:
    """Whether the column can be NULL; what is no column of the model may be."""
    options = queryset.model._meta
    if name in queryset.query.annotations or "__" in name:
        return True
    return options.get_field(name).null


def _cut(rows, names, size, queryset, order) -> Page:
    if len(rows) <= size:
        return Page(rows, "")
    rows = rows[:size]
    values = [_written(_value(rows[-1], name)) for name in names]
    return Page(rows, signing.dumps(values, salt=_salt(queryset, order), compress=False))


def _value(row, name) -> Any:
    for part in name.split("__"):
        row = row.get(part) if isinstance(row, dict) else getattr(row, part, None)
    return row


def _salt(queryset, order) -> str:
    """A key serves the list and the order it was made for, no other."""
    return ":".join(["ui.paging", queryset.model._meta.label_lower, *order])


def _read(after, queryset, order):
    if not after:
        return None
    try:
        values = signing.loads(after, salt=_salt(queryset, order))
    except signing.BadSignature:
        return None
    return [_read_value(value) for value in values]


# JSON has no moments, days or decimals: they are written as a kind and a text.
KINDS: dict[str, tuple[type, Any]] = {
    "at": (datetime.datetime, datetime.datetime.fromisoformat),
    "on": (datetime.date, datetime.date.fromisoformat),
    "dec": (Decimal, Decimal),
    "uuid": (uuid.UUID, uuid.UUID),
}


def _written(value):
    for kind, (python_type, _parse) in KINDS.items():
        if isinstance(value, python_type):
            return [kind, value.isoformat() if kind in ("at", "on") else str(value)]
    return value


def _read_value(value):
    if isinstance(value, list):
        kind, text = value
        return KINDS[kind][1](text)
    return value
