"""Files as rows of text: CSV in the encodings that people have, and XLSX.

A file is read as a stream, so that memory does not grow with it; XLSX, which is parsed whole, is
limited in size instead.
"""

import codecs
import csv
import datetime
import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from .refusals import FileMistake

DELIMITERS = ",;\t|"
SNIFFED_CHARACTERS = 64 * 1024
CHUNK_BYTES = 1024 * 1024
CELL_MAX_CHARACTERS = 100_000  # longer than any text field here; a lost quote swallows a file otherwise
XLSX_MAX_BYTES = 256 * 1024 * 1024  # unpacked: calamine holds the sheet in memory
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class SourceFile:
    """A file to bring in. What is not named is found out: encoding, delimiter; `sheet` is the first."""

    path: Path
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    decimal: str = "."

    @cached_property
    def sha256(self):
        """The file's SHA-256, by which a run that was cut off knows it again."""
        with self._opened() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @cached_property
    def header(self):
        """The names of the columns. Raises FileMistake if there is none, or two share a name."""
        names = [name.strip() for name in next(self._lines(), ())]
        while names and not names[-1]:
            names.pop()
        if not names:
            raise FileMistake(_("The file is empty: its first row must name the columns."))
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise FileMistake(
                _("Two columns are called “%(name)s”: rename one of them.") % {"name": twice[0]}
            )
        return names

    def rows(self, after=0) -> Iterator[tuple[int, list[str]]]:
        """Yield (number, cells) of the rows after the first `after`, numbered as a spreadsheet does.

        Empty rows are left out, and counted in the numbers.
        """
        width = len(self.header)
        for number, cells in enumerate(self._lines(), start=1):
            if number == 1 or number - 1 <= after:
                continue
            if any(cells):
                while len(cells) > width and not cells[-1]:
                    cells.pop()
                yield number, cells

    def _lines(self):
        return self._xlsx_lines() if self.path.suffix.lower() == ".xlsx" else self._csv_lines()

    def _opened(self):
        try:
            return self.path.open("rb")
        except OSError as mistake:
            raise FileMistake(
                _("The file %(name)s can't be read: %(reason)s.")
                % {"name": self.path.name, "reason": mistake.strerror}
            ) from mistake

    # CSV

    def _csv_lines(self):
        csv.field_size_limit(CELL_MAX_CHARACTERS)
        encoding = self.encoding or self._found_encoding
        number = 0
        try:
            with self._opened() as raw, io.TextIOWrapper(raw, encoding, newline="") as file:
                for cells in csv.reader(file, delimiter=self._found_delimiter):
                    number += 1  # told when a later row fails
                    yield [cell.strip() for cell in cells]
        except UnicodeError as mistake:  # some codecs raise no UnicodeDecodeError
            raise FileMistake(
                _("After row %(row)s the file is not in %(encoding)s: name its encoding in the mapping.")
                % {"row": number, "encoding": encoding}
            ) from mistake
        except csv.Error as mistake:
            raise FileMistake(
                _("After row %(row)s the file can't be read (%(reason)s): look for a lost quotation mark.")
                % {"row": number, "reason": mistake}
            ) from mistake

    @cached_property
    def _found_encoding(self):
        """UTF-8 or UTF-16 by its mark, UTF-8 if all of it is, else what Windows writes in Russian."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        with self._opened() as file:
            start = file.read(4)
            for mark, encoding in BOMS:
                if start.startswith(mark):
                    return encoding
            file.seek(0)
            try:
                while chunk := file.read(CHUNK_BYTES):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return "cp1251"
        return "utf-8"

    @cached_property
    def _found_delimiter(self):
        """The delimiter that divides the first rows into the most columns, alike in each."""
        if self.delimiter:
            return self.delimiter
        encoding = self.encoding or self._found_encoding
        with self._opened() as raw, io.TextIOWrapper(raw, encoding, newline="") as file:
            lines = file.read(SNIFFED_CHARACTERS).splitlines()[:20]

        def columns(delimiter):
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
            alike = widths.count(widths[0]) / len(widths) if widths else 0
            return (alike if widths and widths[0] > 1 else 0, widths[0] if widths else 0)

        return max(DELIMITERS, key=columns)

    # XLSX

    def _xlsx_lines(self):
        self._refuse_what_unpacks_too_large()
        try:
            with CalamineWorkbook.from_path(str(self.path)) as book:
                name = self.sheet or book.sheet_names[0]
                if name not in book.sheet_names:
                    raise FileMistake(_("The file has no sheet “%(name)s”.") % {"name": name})
                for cells in book.get_sheet_by_name(name).iter_rows():
                    yield [self._as_text(cell) for cell in cells]
        except CalamineError as mistake:
            raise FileMistake(
                _("%(name)s can't be read as XLSX: %(reason)s.") % {"name": self.path.name, "reason": mistake}
            ) from mistake

    def _refuse_what_unpacks_too_large(self):
        try:
            with self._opened() as file, zipfile.ZipFile(file) as parts:
                size = sum(part.file_size for part in parts.infolist())
        except zipfile.BadZipFile as mistake:
            raise FileMistake(_("%(name)s is not an XLSX file.") % {"name": self.path.name}) from mistake
        if size > XLSX_MAX_BYTES:
            raise FileMistake(
                _("The XLSX file is too large to be read at once: save it as CSV, which has no limit.")
            )

    def _as_text(self, cell):
        if isinstance(cell, bool):
            return str(int(cell))
        if isinstance(cell, float):
            # a tiny number is no 1e-07: an exponent is not read back
            text = str(int(cell)) if cell.is_integer() else f"{Decimal(repr(cell)):f}"
            return text.replace(".", self.decimal)
        if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
            return cell.date().isoformat()
        if isinstance(cell, (datetime.date, datetime.time)):
            return cell.isoformat()
        return str(cell).strip()
