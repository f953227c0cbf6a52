"""A name as people type it: which word is the first name, which the last."""

import pytest
from django.utils.translation import override

from contacts.models import Contact
from contacts.names import FIRST_NAMES, split_name, understood

CERTAIN = [  # first name, patronymic, last name: in either language
    ("Ольга Викторовна Самойлова", "Ольга", "Викторовна", "Самойлова"),
    ("Самойлова Ольга Викторовна", "Ольга", "Викторовна", "Самойлова"),
    ("Новиков Олег", "Олег", "", "Новиков"),
    ("Олег Новиков", "Олег", "", "Новиков"),
    ("новиков олег", "олег", "", "новиков"),
    ("Кузьмина Анна", "Анна", "", "Кузьмина"),
    ("Полина Гагарина", "Полина", "", "Гагарина"),
    ("Шевченко Тарас", "Тарас", "", "Шевченко"),
    ("Артём Ковальчук", "Артём", "", "Ковальчук"),
    ("Ковальчук Артем", "Артем", "", "Ковальчук"),
    ("Черных Светлана", "Светлана", "", "Черных"),
    ("Лев Толстой", "Лев", "", "Толстой"),
    ("Петров-Водкин Кузьма", "Кузьма", "", "Петров-Водкин"),
    ("Ковалёва Анна-Мария", "Анна-Мария", "", "Ковалёва"),
    ("Саркисян Тигран", "Тигран", "", "Саркисян"),
    ("Нино Беридзе", "Нино", "", "Беридзе"),
    ("Гузель Хабибуллина", "Гузель", "", "Хабибуллина"),
    ("Мюллер Виктор", "Виктор", "", "Мюллер"),
    ("Цой Виктор", "Виктор", "", "Цой"),
    ("Ким Алина", "Алина", "", "Ким"),
    ("Анна Герман", "Анна", "", "Герман"),
    ("Герман Анна", "Анна", "", "Герман"),
    ("Муми Новиков", "Муми", "", "Новиков"),
    ("Новиков Муми", "Муми", "", "Новиков"),
    ("Абрамович Роман Аркадьевич", "Роман", "Аркадьевич", "Абрамович"),
    ("Смит Джон Иванович", "Джон", "Иванович", "Смит"),
    ("Роман Герман Иванович", "Герман", "Иванович", "Роман"),
    ("Мамедов Али Рашид оглы", "Али", "Рашид оглы", "Мамедов"),
    ("Иван Ильич", "Иван", "Ильич", ""),
    ("Новиков О. П.", "О. П.", "", "Новиков"),
    ("О.П. Новиков", "О.П.", "", "Новиков"),
    ("Нгуен, Ань", "Ань", "", "Нгуен"),
    ("Smith, John", "John", "", "Smith"),
    ("Olga Samoylova", "Olga", "", "Samoylova"),
    ("Ольга", "Ольга", "", ""),
    ("Муми", "Муми", "", ""),
    ("Новиков", "", "", "Новиков"),
    ("Лев", "Лев", "", ""),
    ("", "", "", ""),
]


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(("text", "first", "middle", "last"), CERTAIN)
def test_what_is_certain_is_understood_in_either_order(language, text, first, middle, last):
    with override(language):
        read = split_name(text)
    assert (read["first_name"], read["patronymic"], read["last_name"]) == (first, middle, last)


@pytest.mark.parametrize(
    ("language", "text", "first", "last"),
    [
        ("ru", "Нгуен Ань", "Ань", "Нгуен"),
        ("en", "Нгуен Ань", "Нгуен", "Ань"),
        ("ru", "Роман Олег", "Олег", "Роман"),
        ("en", "Роман Олег", "Роман", "Олег"),
        ("ru", "John Smith", "John", "Smith"),
        ("en", "Mary Ann Smith", "Mary", "Ann Smith"),
        ("ru", "Нгуен Ван Ань", "Ван Ань", "Нгуен"),
    ],
)
def test_where_nothing_is_certain_the_readers_language_gives_the_order(language, text, first, last):
    with override(language):
        read = split_name(text)
    assert (read["first_name"], read["last_name"]) == (first, last)


def test_a_name_is_cut_to_what_a_contact_keeps():
    read = split_name("Ж" * 300 + " Иванов")
    assert len(read["first_name"]) == Contact._meta.get_field("first_name").max_length


def test_what_was_understood_is_said_in_words():
    with override("ru"):
        assert understood(split_name("Новиков Олег")) == "фамилия Новиков, имя Олег"


def test_the_list_of_names_says_where_it_is_from():
    assert "MIT licence" in FIRST_NAMES.read_text(encoding="utf-8")
