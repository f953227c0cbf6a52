"""Money, numbers and moments as people read them."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.translation import override

from ui import formats

MOSCOW = timezone.get_fixed_timezone(180)


@pytest.mark.parametrize(
    ("language", "amount", "currency", "text"),
    [
        ("ru", "1234567.50", "RUB", "1\u00a0234\u00a0567,50\u00a0₽"),
        ("ru", 390000, "RUB", "390\u00a0000\u00a0₽"),
        ("ru", -50, "USD", "−50\u00a0$"),
        ("ru", 100, "XAU", "100\u00a0XAU"),
        ("en", 390000, "RUB", "₽390,000"),
        ("en", "1234567.50", "USD", "$1,234,567.50"),
        ("en", 100, "XAU", "XAU\u00a0100"),
        ("en", -50, "", "−50"),
        ("en", None, "RUB", ""),
        ("en", 0, "RUB", "₽0"),
    ],
)
def test_an_amount_is_written_in_the_readers_language(language, amount, currency, text):
    with override(language):
        assert formats.money(amount, currency) == text


def test_a_number_keeps_the_decimals_it_has():
    with override("ru"):
        assert formats.num(Decimal("1234.50")) == "1\u00a0234,5"
        assert formats.num(1000000) == "1\u00a0000\u00a0000"
    with override("en"):
        assert formats.num(Decimal("1234.50")) == "1,234.5"


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (21, "21 день"), (0, "0 дней")],
)
def test_days_take_their_russian_form(number, text):
    with override("ru"):
        assert formats.days(number) == text


@pytest.mark.parametrize(
    ("moment", "russian", "english"),
    [
        ((2026, 10, 12, 11, 2), "14:02", "14:02"),
        ((2026, 10, 11, 20, 59), "вчера", "yesterday"),
        ((2026, 10, 11, 21, 1), "00:01", "00:01"),
        ((2026, 10, 9, 12, 0), "9\u00a0окт.", "9\u00a0Oct"),
        ((2025, 5, 9, 12, 0), "9\u00a0мая 2025", "9\u00a0May 2025"),
    ],
)
def test_a_moment_is_told_from_the_readers_today(time_machine, moment, russian, english):
    time_machine.move_to(datetime.datetime(2026, 10, 12, 12, 0, tzinfo=datetime.UTC))
    value = datetime.datetime(*moment, tzinfo=datetime.UTC)
    with timezone.override(MOSCOW):
        with override("ru"):
            assert formats.when(value) == russian
        with override("en"):
            assert formats.when(value) == english


def test_what_is_due_says_today_and_tomorrow(time_machine):
    time_machine.move_to(datetime.datetime(2026, 10, 12, 12, 0, tzinfo=datetime.UTC))
    with timezone.override(MOSCOW), override("ru"):
        assert formats.due(datetime.datetime(2026, 10, 12, 12, 0, tzinfo=datetime.UTC)) == "Сегодня, 15:00"
        assert formats.due(datetime.date(2026, 10, 13)) == "Завтра"
        assert formats.due(datetime.date(2026, 10, 14)) == "14\u00a0окт."


def test_initials_leave_out_marks_and_legal_dashes():
    assert formats.initials("ООО «Вектор Логистик»") == "ОВ"
    assert formats.initials("Ольга — Самойлова") == "ОС"
    assert formats.initials("") == ""
