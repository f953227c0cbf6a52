"""Files as people have them are read as rows of text."""

import datetime

import openpyxl
import pytest

from exchange.readers import SourceFile
from exchange.refusals import FileMistake

TEXT = "имя;сумма\nЁлка;1 000,50\nПодъёмник;\n"
ROWS = [(2, ["Ёлка", "1 000,50"]), (3, ["Подъёмник", ""])]


def written(folder, text, encoding="utf-8", name="file.csv"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return SourceFile(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_russian_text_is_read_in_each_encoding_that_people_have(tmp_path, encoding):
    file = written(tmp_path, TEXT, encoding)
    assert file.header == ["имя", "сумма"]
    assert list(file.rows()) == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(tmp_path, delimiter):
    file = written(tmp_path, f"a{delimiter}b\n1{delimiter}2\n")
    assert list(file.rows()) == [(2, ["1", "2"])]


def test_a_file_of_one_column_needs_no_delimiter(tmp_path):
    assert list(written(tmp_path, "name\nAcme, Inc.\n").rows())[0][0] == 2


def test_a_quoted_cell_may_hold_lines_and_delimiters(tmp_path):
    file = written(tmp_path, 'a,b\n"one\ntwo, three",4\n5,6\n')
    assert list(file.rows()) == [(2, ["one\ntwo, three", "4"]), (3, ["5", "6"])]


def test_reading_goes_on_after_the_rows_that_are_done(tmp_path):
    file = written(tmp_path, "a,b\n1,2\n\n3,4\n5,6\n")
    assert list(file.rows(after=1)) == [(4, ["3", "4"]), (5, ["5", "6"])]


def test_numbers_and_days_of_a_spreadsheet_become_text(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["name", "price", "day", "count"])
    book.active.append(["Ёлка", 1100.04, datetime.date(2017, 3, 1), 12.0])
    book.active.append(["Пыль", 1e-7, None, 1e17])
    book.save(tmp_path / "file.xlsx")
    assert list(SourceFile(tmp_path / "file.xlsx").rows()) == [
        (2, ["Ёлка", "1100.04", "2017-03-01", "12"]),
        (3, ["Пыль", "0.0000001", "", "100000000000000000"]),
    ]
    assert list(SourceFile(tmp_path / "file.xlsx", decimal=",").rows())[0][1][1] == "1100,04"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("file.csv", b"", "empty"),
        ("file.csv", b"a,a\n1,2\n", "called “a”"),
        ("file.csv", b'a,b\n1,"' + b"x" * 200_000, "quotation mark"),
        ("file.xlsx", b"no zip", "not an XLSX"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileMistake, match=words):
        list(SourceFile(tmp_path / name).rows())


@pytest.mark.parametrize("encoding", ["", "utf-8"])
def test_a_missing_file_is_refused_in_a_sentence(tmp_path, encoding):
    with pytest.raises(FileMistake, match=r"nothing\.csv can't be read"):
        assert SourceFile(tmp_path / "nothing.csv", encoding).header
