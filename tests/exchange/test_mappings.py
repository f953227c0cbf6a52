"""A mapping that makes no sense says what to mend."""

import contextlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.mapping import DATE_FORMS, ENTITIES, KEYS, MAPPINGS, REQUIRED, VALUE_KEYS, load, parse
from exchange.refusals import FileMistake, MappingMistake

GOOD = """
source = "shop"
entity = "organization"
external_id = "id"
[fields]
name = "title"
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("source = ", "not TOML"),
        (GOOD.replace('source = "shop"', ""), "“source” is missing"),
        (GOOD.replace("organization", "house"), "“entity” is one of"),
        ("colour = 1\n" + GOOD, "“colour” is not known"),
        ("dates = 'M-D'\n" + GOOD, "“dates” is one of"),
        ("pipeline = 'b2b'\n" + GOOD, "“pipeline” names"),
        (GOOD.replace("organization", "entry"), "“directory” names"),
        ("delimiter = ';;'\n" + GOOD, "one character"),
        (GOOD + "site = {}", "“site” names one column"),
        (GOOD + "site = { column = 'a', value = 'b' }", "“site” names one column"),
        (GOOD + "[replace]\ntitle = 'x'", "what is meant"),
        ("dates = 5\n" + GOOD, "wrong kind"),
        ("encoding = 'nonsense'\n" + GOOD, "“encoding” is none"),
        ("encoding = 'base64'\n" + GOOD, "“encoding” is none"),
        ('delimiter = "\\n"\n' + GOOD, "“delimiter” is one character"),
        ("delimiter = '\"'\n" + GOOD, "“delimiter” is one character"),
        (GOOD + "site = { columns = ['a'], join = 5 }", "“site” names one column"),
        (GOOD + "site = { value = 5 }", "“site” names one column"),
        (GOOD + "site = { columns = 'ab' }", "“site” names one column"),
        (GOOD + "site = []", "“site” names one column"),
        (GOOD + "site = [1]", "“site” names one column"),
        (GOOD.replace('"id"', "[]"), "“external_id” names one column"),
        (GOOD.replace('"shop"', '""'), "“source” has 1 to"),
        (GOOD.replace("shop", "s" * 101), "“source” has 1 to"),
        (GOOD.replace("shop", r"\u0000"), "“source” holds a character"),
        ("sheet = " + "[" * 5000, "not TOML"),
        ("sheet = " + "9" * 5000, "not TOML"),
    ],
)
def test_a_mistake_in_a_mapping_is_told_in_a_sentence(text, words):
    with pytest.raises(MappingMistake, match=words) as mistake:
        parse(text, name="shop.toml")
    assert "shop.toml" in str(mistake.value)


PLAIN = st.one_of(
    st.text(max_size=5), st.integers(), st.booleans(), st.floats(), st.dates(), st.datetimes(), st.times()
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*sorted(VALUE_KEYS), "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
SENSIBLE = {
    "source": st.just("shop"),
    "external_id": st.sampled_from(["id", ["id", "x"], ["y"]]),
    "fields": st.dictionaries(st.sampled_from("abc"), st.sampled_from(["id", "x"]) | VALUES, max_size=3),
    "entity": st.sampled_from(ENTITIES),
    "dates": st.sampled_from(sorted(DATE_FORMS)),
    "decimal": st.sampled_from(".,"),
    "encoding": st.sampled_from(["utf-8", "idna", "undefined", "rot13"]),
    "delimiter": st.characters(),
}


@settings(max_examples=300, deadline=None, database=None)
@given(
    st.fixed_dictionaries(
        {key: SENSIBLE.get(key, VALUES) | VALUES for key in REQUIRED},
        optional={key: SENSIBLE.get(key, VALUES) | VALUES for key in (*KEYS, "x") if key not in REQUIRED},
    )
)
def test_whatever_a_mapping_says_it_is_one_or_its_mistake_is_told(tmp_path_factory, told):
    """Any TOML of plain types; a mapping that is taken reads a file, or says what that lacks."""
    path = tmp_path_factory.getbasetemp() / "plain.csv"
    path.write_bytes("id,x\n1,ё\n".encode())
    with contextlib.suppress(MappingMistake, FileMistake):
        mapping = parse(as_toml(told), name="any.toml")
        file = mapping.file(path)
        for _number, cells in file.rows():
            meant = mapping.read(dict(zip(file.header, cells, strict=True)), Counter())
            assert isinstance(mapping.external_id.text(meant), str)


@given(st.text(max_size=60))
def test_a_text_that_is_no_mapping_is_told_so(text):
    with pytest.raises(MappingMistake):
        parse(text, name="any.toml")


def as_toml(told):
    """`told` as a TOML document: its tables inline."""
    return "".join(f"{key} = {toml_value(value)}\n" for key, value in told.items())


def toml_value(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(rf"\U{ord(letter):08x}" for letter in value) + '"'
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def test_a_mapping_in_another_encoding_is_told_in_a_sentence(tmp_path):
    (tmp_path / "old.toml").write_bytes(GOOD.replace("shop", "лавка").encode("cp1251"))
    with pytest.raises(MappingMistake, match=r"old\.toml is not in UTF-8"):
        load(tmp_path / "old.toml")


def test_an_absent_mapping_is_told_in_a_sentence():
    with pytest.raises(MappingMistake, match=r"no mapping nowhere\.toml"):
        load("nowhere.toml")


def test_a_column_that_the_file_lacks_is_named_with_those_it_has(tmp_path):
    (tmp_path / "file.csv").write_text("id,name\n1,Acme\n")
    with pytest.raises(FileMistake, match=r"no column “title”.*id, name"):
        parse(GOOD, name="shop.toml").file(tmp_path / "file.csv")


@pytest.mark.parametrize("name", [path.name for path in MAPPINGS.glob("b2b-*.toml")])
def test_the_mappings_of_the_repository_make_sense(name):
    assert load(name).name == name
