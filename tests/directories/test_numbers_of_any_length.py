"""Whatever is typed, sent or kept as a number: an exact number or a sentence, never a crash."""

import json
from contextlib import suppress

import pytest
from django.urls import reverse

from deals.models import Deal
from directories.fields import field_named, fields_of
from directories.models import CustomField
from records.refusals import Overtaken

pytestmark = pytest.mark.slow

STRANGE = [
    "1e400", "-1e400", "1e-400", "NaN", "sNaN", "Infinity", "-Infinity", "inf", "1" * 20, "9" * 400,
    "1" * 5000, "0." + "0" * 30 + "1", "\u22121\u202f234", "\u2212", "-", "+", ".", ",", "\u00a0", "\u0663",
    "1\u00a0000\u00a0000", "\uff11", "\u00b2", "1_000", "0x1f", "1\x00", "[1]", "{}", "true", "null", "1,2,3",
    "--1", "1-1", "\u221e", "½",
]  # fmt: skip
SHOWN = [
    *STRANGE,
    "[" * 100_000,
    '{"a":' * 50_000,
    '"' + "1" * 5000 + '"',
    '"\\u0000"',
    "[1e400]",
    "9" * 4000,
]


@pytest.fixture
def size(company):
    custom = CustomField.objects.create(
        entity="deal", code="size", kind="number", label_ru="Размер", label_en="Size"
    )
    return f"custom__{custom.code}"


def values():
    return Deal.objects.values_list("amount", "custom").get()


@pytest.mark.parametrize("typed", STRANGE)
@pytest.mark.parametrize("is_own", [True, False])
def test_what_is_typed_in_place_is_kept_exactly_or_refused(logged_in, anna, deal, size, typed, is_own):
    name = size if is_own else "amount"
    before = values()
    answer = logged_in(anna).post(reverse("deals:deal_field", args=[deal.pk, name]), {"value": typed})
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert values() == before
    else:
        deal.refresh_from_db()
        kept = deal.custom.get("size") if is_own else deal.amount
        plain = typed.replace("\u2212", "-").replace("\u202f", "").replace("\u00a0", "")
        assert kept == (float(plain) if plain else None)


@pytest.mark.parametrize("shown", SHOWN, ids=lambda text: ascii(text[:12]))
def test_what_a_form_says_it_had_shown_is_no_crash(logged_in, anna, deal, size, shown):
    client = logged_in(anna)
    for name in (size, "amount"):
        here = reverse("deals:deal_field", args=[deal.pk, name])
        assert client.post(here, {"value": "5", "shown": shown}).status_code in (303, 409, 422)


@pytest.mark.parametrize("typed", STRANGE)
def test_a_limit_of_a_filter_is_a_number_or_is_left_out(logged_in, anna, deal, size, typed):
    asked = {f"{size}_from": typed, f"{size}_to": typed, "amount_from": typed, "amount_to": typed}
    assert logged_in(anna).get(reverse("deals:deal_list"), asked).status_code == 200


@pytest.mark.parametrize(
    "base", ["1e308", "123456789012345678901234567890", "-0", "1e-300", '"x"', "[1]", "true"]
)
def test_a_number_that_came_by_another_way_is_shown(logged_in, anna, deal, size, base):
    Deal.objects.filter(pk=deal.pk).update(custom={"size": json.loads(base)})
    client = logged_in(anna)
    assert client.get(deal.get_absolute_url()).status_code == 200
    assert client.get(reverse("deals:deal_field", args=[deal.pk, size])).status_code == 200
    field = field_named(fields_of(Deal), size)
    deal.refresh_from_db()
    with suppress(Overtaken):
        deal.change({size: field.to_base(7)}, by=anna, shown={size: field.kind.from_shown(base, field)})
