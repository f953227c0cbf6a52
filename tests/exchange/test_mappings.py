"""A mapping that makes no sense says what to mend."""

import pytest

from exchange.mapping import MAPPINGS, load, parse
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
    ],
)
def test_a_mistake_in_a_mapping_is_told_in_a_sentence(text, words):
    with pytest.raises(MappingMistake, match=words) as mistake:
        parse(text, name="shop.toml")
    assert "shop.toml" in str(mistake.value)


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
