"""Mapping files: readable TOML that says which column becomes which field.

`docs/import.md` describes each key; `exchange/mappings/` holds those of the repository.
"""

import io
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from .models import SOURCE_LETTERS
from .readers import SourceFile
from .refusals import FileMistake, MappingMistake

MAPPINGS = Path(__file__).parent / "mappings"
DATE_FORMS = {
    "YYYY-MM-DD": "%Y-%m-%d",
    "D.M.YYYY": "%d.%m.%Y",
    "D/M/YYYY": "%d/%m/%Y",
    "M/D/YYYY": "%m/%d/%Y",
}
ENTITIES = ("user", "team", "entry", "organization", "contact", "deal")
KEYS: dict[str, Any] = {
    "source": str,
    "entity": str,
    "external_id": (str, list),
    "directory": str,
    "pipeline": str,
    "encoding": str,
    "delimiter": str,
    "sheet": str,
    "dates": str,
    "decimal": str,
    "responsible": str,
    "fields": dict,
    "replace": dict,
    "entered": dict,
}
REQUIRED = ("source", "entity", "external_id", "fields")
VALUE_KEYS = {"column", "columns", "join", "value", "by"}


@dataclass(frozen=True)
class Origin:
    """Where a field's value comes from: columns joined by `join`, or one `value` for every row.

    `by` says how a record is named there: by its external id, name, code or e-mail.
    """

    columns: tuple[str, ...] = ()
    join: str = " "
    value: str = ""
    by: str = ""

    def text(self, cells):
        """Return the text of the field in a row's `cells`, '' for none."""
        if not self.columns:
            return self.value
        return self.join.join(filter(None, (cells[column] for column in self.columns)))


@dataclass(frozen=True)
class Mapping:
    """A mapping file, read and found to make sense."""

    name: str
    text: str
    source: str
    entity: str
    external_id: Origin
    fields: dict[str, Origin]
    directory: str = ""
    pipeline: str = ""
    responsible: str = ""
    dates: str = "YYYY-MM-DD"
    decimal: str = "."
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    replace: dict[str, dict[str, str]] = field(default_factory=dict)
    entered: dict[str, str] = field(default_factory=dict)

    @property
    def target(self):
        """What external ids are unique in: the entity; for entries, those of one directory."""
        return f"{self.entity}:{self.directory}" if self.directory else self.entity

    @property
    def date_form(self):
        return DATE_FORMS[self.dates]

    @property
    def columns(self):
        """The columns that the mapping reads, in a stable order."""
        origins = [self.external_id, *self.fields.values()]
        named = [column for origin in origins for column in origin.columns]
        return tuple(dict.fromkeys([*named, *self.entered.values()]))

    def file(self, path):
        """Return the file at `path`, read as this mapping says. Raises FileMistake if columns lack."""
        file = SourceFile(Path(path), self.encoding, self.delimiter, self.sheet, self.decimal)
        lacking = [column for column in self.columns if column not in file.header]
        if lacking:
            raise FileMistake(
                _("The file has no column “%(column)s”, which %(mapping)s reads. It has: %(all)s.")
                % {"column": lacking[0], "mapping": self.name, "all": ", ".join(file.header)}
            )
        return file

    def read(self, cells, replaced: Counter):
        """Return `cells` as they are meant, counting in `replaced` what is written differently."""
        for column, words in self.replace.items():
            if cells.get(column) in words:
                written, meant = cells[column], words[cells[column]]
                replaced[f"{column}: {written} → {meant}"] += 1
                cells = {**cells, column: meant}
        return cells


def load(name):
    """Read the mapping file `name` (a path, or a name in `exchange/mappings/`). Raises MappingMistake."""
    path = Path(name)
    if not path.exists():
        path = MAPPINGS / name
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as mistake:
        raise MappingMistake(
            _("There is no mapping %(name)s, neither here nor in exchange/mappings.") % {"name": name}
        ) from mistake
    except UnicodeDecodeError as mistake:
        raise MappingMistake(
            _("The mapping %(name)s is not in UTF-8: save it in that encoding.") % {"name": path.name}
        ) from mistake
    return parse(text, name=path.name)


def parse(text, *, name):
    """Return the Mapping that `text` describes. Raises MappingMistake with what to mend."""
    try:
        told = tomllib.loads(text)
    except (ValueError, RecursionError) as mistake:  # also a number of 5,000 digits, or a list that deep
        raise MappingMistake(
            _("The mapping %(name)s is not TOML: %(reason)s.") % {"name": name, "reason": mistake}
        ) from mistake
    _check(told, name)
    return Mapping(
        name=name,
        text=text,
        **{key: value for key, value in told.items() if key not in ("external_id", "fields")},
        external_id=_origin(told["external_id"], name, "external_id"),
        fields={of: _origin(value, name, of) for of, value in told["fields"].items()},
    )


def _check(told, name):
    def refuse(sentence, **words):
        raise MappingMistake(
            _("In the mapping %(name)s: %(mistake)s") % {"name": name, "mistake": sentence % words}
        )

    for key in REQUIRED:
        if key not in told:
            refuse(_("“%(key)s” is missing."), key=key)
    for key, value in told.items():
        if key not in KEYS:
            refuse(_("“%(key)s” is not known; known are %(all)s."), key=key, all=", ".join(KEYS))
        if not isinstance(value, KEYS[key]):
            refuse(_("“%(key)s” has a value of the wrong kind."), key=key)
        if isinstance(value, str) and "\x00" in value:
            refuse(_("“%(key)s” holds a character that can't be kept."), key=key)
    if not 0 < len(told["source"]) <= SOURCE_LETTERS:
        refuse(_("“source” has 1 to %(most)s letters."), most=SOURCE_LETTERS)
    if told["entity"] not in ENTITIES:
        refuse(_("“entity” is one of %(all)s."), all=", ".join(ENTITIES))
    if (told["entity"] == "entry") != bool(told.get("directory")):
        refuse(_("“directory” names the directory of entries, and only of entries."))
    if (told["entity"] == "deal") != bool(told.get("pipeline")):
        refuse(_("“pipeline” names the pipeline of deals, and only of deals."))
    if told.get("entered") and told["entity"] != "deal":
        refuse(_("“entered” is for deals only."))
    if told.get("dates", "YYYY-MM-DD") not in DATE_FORMS:
        refuse(_("“dates” is one of %(all)s."), all=", ".join(DATE_FORMS))
    if told.get("decimal", ".") not in (".", ","):
        refuse(_("“decimal” is a point or a comma."))
    if not _is_delimiter(told.get("delimiter", ",")):
        refuse(_("“delimiter” is one character, and no quotation mark or end of a line."))
    if not _is_encoding(told.get("encoding", "utf-8")):
        refuse(_("“encoding” is none that is known here: utf-8, utf-16, cp1251 and others are."))
    for column, words in told.get("replace", {}).items():
        if not isinstance(words, dict) or not all(isinstance(word, str) for word in words.values()):
            refuse(_("[replace.%(column)s] says what is meant by what is written."), column=column)
    if not all(isinstance(column, str) for column in told.get("entered", {}).values()):
        refuse(_("[entered] names a column for each stage."))


def _is_delimiter(text):
    return len(text) == 1 and text not in '"\r\n'


def _is_encoding(name):
    try:
        io.TextIOWrapper(io.BytesIO(), name)
    except (LookupError, ValueError):
        return False
    return True


def _origin(told, name, of):
    """Return the Origin of the field `of`, however shortly it is told."""
    if isinstance(told, str):
        told = {"column": told}
    elif isinstance(told, list):
        told = {"columns": told}
    if not _is_origin(told):
        raise MappingMistake(
            _("In the mapping %(name)s: “%(field)s” names one column, several columns, or one value.")
            % {"name": name, "field": of}
        )
    columns = told.get("columns", [told["column"]] if "column" in told else [])
    return Origin(tuple(columns), told.get("join", " "), told.get("value", ""), told.get("by", ""))


def _is_origin(told):
    if not isinstance(told, dict) or set(told) - VALUE_KEYS:
        return False
    columns = told.get("columns", [""])
    if len({"column", "columns", "value"} & set(told)) != 1 or not isinstance(columns, list) or not columns:
        return False
    texts = [text for key, text in told.items() if key != "columns"]
    return all(isinstance(text, str) for text in columns + texts)
