"""The catalogues of words: which string belongs to which room, and what is still to translate.

English stands in the code, Russian in `<room>/locale/ru/LC_MESSAGES/django.po`. A string used by
several rooms belongs to the first of them in the order of `ROOMS`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation import templatize

LANGUAGE = "ru"
# 1, 21 сделка · 2, 22 сделки · 5, 11, 100 сделок. Django's own catalogue has four forms, of which
# the fourth never occurs; gettext keeps catalogues with different rules apart.
PLURAL_FORMS = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
)
HEADER = {
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": PLURAL_FORMS,
}
KEYWORDS: dict[str, tuple | None] = {
    name + lazy: spec
    for name, spec in {
        "_": None,
        "gettext": None,
        "gettext_noop": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for lazy in ("", "_lazy")
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-zA-Z]|(?<!\{)\{(\w+)\}(?!\})|%[sd]")
# Folders of templates/ that are not named for a room: whose words they are.
TEMPLATE_OWNERS = {name: "accounts" for name in ("account", "allauth", "mfa", "usersessions")}


@dataclass(frozen=True, order=True)
class Word:
    """A string as gettext knows it: its context, itself, and its plural."""

    context: str
    singular: str
    plural: str

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.singular


@dataclass
class Catalogue:
    """The words of one room: `entries` in their order, and the files they are kept in.

    A `djangojs.po` beside them is kept by hand, and only compiled.
    """

    room: str
    folder: Path
    entries: polib.POFile = field(default_factory=lambda: polib.POFile(wrapwidth=100))

    @property
    def po(self) -> Path:
        return self.folder / "django.po"

    @property
    def mo(self) -> Path:
        return self.folder / "django.mo"

    @property
    def script_po(self) -> Path:
        return self.folder / "djangojs.po"

    def write(self) -> None:
        """Write both files; a room that says nothing has none."""
        if self.script_po.exists():
            self.script_po.with_suffix(".mo").write_bytes(self._compiled_script())
        if not self.entries:
            self.po.unlink(missing_ok=True)
            self.mo.unlink(missing_ok=True)
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.po.write_text(self.as_text(), encoding="utf-8")
        self.mo.write_bytes(self.as_bytes())

    def as_text(self) -> str:
        return f"{self.entries}".rstrip("\n") + "\n"

    def as_bytes(self) -> bytes:
        return self.entries.to_binary()

    def _compiled_script(self) -> bytes:
        return polib.pofile(str(self.script_po)).to_binary()

    def complaints(self) -> Iterator[str]:
        """What is wrong with the files as they are on the disk, a sentence each."""
        if self.script_po.exists():
            compiled = self.script_po.with_suffix(".mo")
            if not compiled.exists() or compiled.read_bytes() != self._compiled_script():
                yield f"{self.room}: djangojs.mo is out of date, run manage.py messages"
        if not self.entries:
            if self.po.exists():
                yield f"{self.room}: has a catalogue, and no words"
            return
        if not self.po.exists() or self.po.read_text(encoding="utf-8") != self.as_text():
            yield f"{self.room}: django.po is out of date, run manage.py messages"
        if not self.mo.exists() or self.mo.read_bytes() != self.as_bytes():
            yield f"{self.room}: django.mo is out of date, run manage.py messages"
        for entry in self.missing():
            yield f"{self.room}: not translated: {entry.msgid!r}"
        for entry in self.entries:
            if not _same_placeholders(entry):
                yield f"{self.room}: placeholders differ: {entry.msgid!r}"

    def missing(self) -> list[polib.POEntry]:
        return [entry for entry in self.entries if not entry.translated()]


def catalogues(base: Path, rooms: list[str]) -> list[Catalogue]:
    """Every room's words as they should be: those in use, with the translations known so far."""
    owners = words_in_use(base, rooms)
    known = _known_translations(base, rooms)
    result = []
    for room in rooms:
        catalogue = Catalogue(room, _folder(base, room))
        catalogue.entries.metadata = dict(HEADER)
        for word in sorted(word for word, owner in owners.items() if owner == room):
            catalogue.entries.append(_entry(word, known.get(word.key)))
        result.append(catalogue)
    return result


def words_in_use(base: Path, rooms: list[str]) -> dict[Word, str]:
    """Each word of the sources and the first room that uses it.

    gettext knows a word by context and singular, so that the same singular with and without a
    plural is one entry, with the plural.
    """
    owners: dict[tuple[str, str], int] = {}
    plurals: dict[tuple[str, str], str] = {}
    for room, path in _sources(base, rooms):
        for word in _words_of(path):
            owners[word.key] = min(owners.get(word.key, len(rooms)), rooms.index(room))
            plurals[word.key] = word.plural or plurals.get(word.key, "")
    return {Word(*key, plurals[key]): rooms[index] for key, index in owners.items()}


def _sources(base: Path, rooms: list[str]) -> Iterator[tuple[str, Path]]:
    for room in rooms:
        for path in (base / room).rglob("*.py"):
            if "migrations" not in path.parts:
                yield room, path
    for path in (base / "crm_site").rglob("*.py"):
        yield rooms[0], path
    templates = base / "templates"
    for path in templates.rglob("*"):
        if path.suffix in {".html", ".txt"}:
            folder = path.relative_to(templates).parts[0]
            owner = TEMPLATE_OWNERS.get(folder, folder)
            yield owner if owner in rooms else rooms[0], path


def _words_of(path: Path) -> Iterator[Word]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What is left of a template's indentation is none of Python's.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    for _line, message, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
        singular, plural = message if isinstance(message, tuple) else (message, "")
        if singular:
            yield Word(context or "", singular, plural)


def _known_translations(base: Path, rooms: list[str]) -> dict[tuple[str, str], polib.POEntry]:
    """Translations of all rooms by context and string, so that a word may change its room."""
    known = {}
    for room in reversed(rooms):
        path = _folder(base, room) / "django.po"
        if path.exists():
            for entry in polib.pofile(str(path)):
                if entry.translated() or (entry.msgctxt or "", entry.msgid) not in known:
                    known[entry.msgctxt or "", entry.msgid] = entry
    return known


def _entry(word: Word, known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=word.singular, msgctxt=word.context or None)
    if word.plural:
        entry.msgid_plural = word.plural
        forms = known.msgstr_plural if known and not known.fuzzy else {}
        entry.msgstr_plural = {index: forms.get(index, "") for index in range(3)}
    elif known and not known.fuzzy:
        entry.msgstr = known.msgstr
    if re.search(r"%\(\w+\)[a-zA-Z]|%[sd]", word.singular):
        entry.flags = ["python-format"]
    return entry


def _same_placeholders(entry: polib.POEntry) -> bool:
    """Whether each translation names the placeholders of its source (a singular may leave out its number)."""
    wanted = _placeholders(entry.msgid) | _placeholders(entry.msgid_plural)
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return all(not text or _placeholders(text) == wanted for text in texts)


def _placeholders(text: str) -> set[str]:
    return {match.group() for match in PLACEHOLDER.finditer(text)}


def _folder(base: Path, room: str) -> Path:
    return base / room / "locale" / LANGUAGE / "LC_MESSAGES"
