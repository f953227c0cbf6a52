"""Every string is in its room's catalogue, translated, in as many forms as Russian has."""

import pytest
from django.conf import settings
from django.utils.translation import ngettext, override

from ui.words import catalogues, words_in_use

CATALOGUES = catalogues(settings.BASE_DIR, settings.ROOMS)


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda catalogue: catalogue.room)
def test_a_rooms_words_are_collected_and_translated(catalogue):
    assert list(catalogue.complaints()) == []


@pytest.mark.parametrize(("number", "form"), [(1, 0), (2, 1), (5, 2), (11, 2), (21, 0), (112, 2), (104, 1)])
def test_the_catalogue_knows_the_russian_plural(number, form):
    forms = ["день", "дня", "дней"]
    with override("ru"):
        text = ngettext("%(number)s day", "%(number)s days", number) % {"number": number}
    assert text == f"{number} {forms[form]}"


@pytest.fixture
def small_house(tmp_path):
    def write(path, text):
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    write("crm_site/settings.py", "_('site')")
    write("hall/views.py", "_('shared')\nngettext('%(n)d door', '%(n)d doors', n)")
    write("attic/views.py", "_('shared')\npgettext('up', 'own')")
    write("templates/attic/page.html", "  {% translate '100% sure' %}\n{{ x|default:_('none') }}")
    return tmp_path


def test_a_word_belongs_to_the_first_room_that_uses_it(small_house):
    owners = {word.singular: room for word, room in words_in_use(small_house, ["hall", "attic"]).items()}
    assert owners == {
        "site": "hall",
        "shared": "hall",
        "%(n)d door": "hall",
        "own": "attic",
        "100%% sure": "attic",
        "none": "attic",
    }


def test_a_translation_follows_its_word_into_another_room(small_house):
    hall, attic = catalogues(small_house, ["hall", "attic"])
    next(entry for entry in attic.entries if entry.msgid == "own").msgstr = "своё"
    attic.write()
    (small_house / "hall/more.py").write_text("pgettext('up', 'own')")
    hall, attic = catalogues(small_house, ["hall", "attic"])
    assert next(entry for entry in hall.entries if entry.msgid == "own").msgstr == "своё"


def test_a_lost_placeholder_is_noticed(small_house):
    hall, _attic = catalogues(small_house, ["hall", "attic"])
    for entry in hall.entries:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: "дверь", 1: "%(n)d двери", 2: "%(n)d дверей"}
        else:
            entry.msgstr = "x"
    hall.write()
    hall, _attic = catalogues(small_house, ["hall", "attic"])
    assert list(hall.complaints()) == ["hall: placeholders differ: '%(n)d door'"]
