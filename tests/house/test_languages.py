"""Every screen speaks its reader's language, and only that one (what tests/ui/test_words.py can't see)."""

from itertools import product

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation
from django.utils.translation import ngettext

from tests.reading import of_the_other_language, words_of
from tests.screen_world import AGES, ScreenWorld
from tests.screens import SCREENS
from tests.visits import visit
from ui.formats import days, money

pytestmark = pytest.mark.slow


def answer_to(screen, world):
    client = Client()
    client.cookies["django_language"] = world.language
    return visit(client, world, screen)


@pytest.fixture(scope="module", params=product(AGES, ["ru", "en"]), ids="-".join)
def seen(request, standing):
    """(the language, [(screen, the answer)]) of a world of an age."""
    age, language = request.param
    with transaction.atomic():
        world = ScreenWorld(language, age=age)
        yield language, [(screen, answer_to(screen, world)) for screen in SCREENS if screen.age == age]
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_no_screen_has_a_word_of_the_other_language(seen):
    language, answers = seen
    foreign = {}
    for screen, answer in answers:
        if found := of_the_other_language(words_of(answer.text), language):
            foreign[screen.name] = sorted(set(found))
    assert foreign == {}


@pytest.mark.django_db
def test_every_screen_answers_as_the_list_says(seen):
    _language, answers = seen
    given = {screen.name: (answer.status_code, screen.status) for screen, answer in answers}
    assert {name: pair for name, pair in given.items() if pair[0] != pair[1]} == {}


FORMS = {1: "сделка", 2: "сделки", 5: "сделок", 11: "сделок", 21: "сделка", 104: "сделки"}


@pytest.mark.parametrize(("number", "form"), FORMS.items())
def test_deals_are_counted_as_russian_counts(number, form):
    with translation.override("ru"):
        text = ngettext("%(number)s open deal", "%(number)s open deals", number) % {"number": number}
    assert text.endswith(form)
    assert text.startswith(str(number))


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (21, "21 день")]
)
def test_days_are_counted_as_russian_counts(number, text):
    with translation.override("ru"):
        assert days(number).replace("\xa0", " ") == text


def test_money_is_written_as_each_language_writes_it():
    with translation.override("ru"):
        assert money(1234567.5, "RUB").replace("\u202f", "\xa0") == "1\xa0234\xa0567,50\xa0₽"
    with translation.override("en"):
        assert money(1234567.5, "RUB") == "₽1,234,567.50"
