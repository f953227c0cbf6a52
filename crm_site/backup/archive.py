"""The file of a backup: a tar of the base's dump, the files and a manifest, sealed by a checksum.

    base.dump       pg_dump's custom format
    files/…         what people uploaded
    manifest.json   what made it, of which moment, and what must be in it (Manifest)

After the tar comes its seal, `sha256 <hex>` and a newline: 72 bytes that tar itself does not look at. So one
flipped byte anywhere, also between the members, is found before a target is touched.
"""

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

from crm_site.problems import Problem
from crm_site.problems import gettext_noop as _

FORMAT = 1
DUMP, FILES, MANIFEST = "base.dump", "files", "manifest.json"
SEAL = b"sha256 "
SEAL_BYTES = len(SEAL) + 64 + 1
READ_BYTES = 1 << 20


@dataclass
class Manifest:
    """What a backup says of itself. `tables` is {name: {"rows", "hash"}} of the moment (snapshot.py)."""

    made_at: str  # ISO 8601, UTC
    version: str  # of Voronka
    postgres: int  # major version of the server
    migrations: list[str]
    tables: dict[str, dict]
    files: int = 0
    base_bytes: int = 0  # of the base, not of its dump
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.tables.values())

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_bytes(cls, text: bytes) -> "Manifest":
        """Raises Problem for what this version cannot read."""
        try:
            said = json.loads(text)
            if said["format"] != FORMAT:
                raise Problem(
                    _("This backup was made by a newer Voronka (%(version)s): restore it with that version."),
                    version=said.get("version", "?"),
                )
            return cls(**said)
        except (ValueError, TypeError, KeyError) as mistake:
            raise Problem(
                _("The backup's manifest cannot be read (%(reason)s)."), reason=mistake
            ) from mistake


@contextmanager
def writing(path: Path) -> Iterator[tarfile.TarFile]:
    """Write a backup to `path`: it stands there whole, sealed and on disk, or not at all.

    Raises OSError (a full disk), after which nothing of it is left.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield tar
            length = file.tell()
            file.seek(0)
            digest = _digest(file, length)
            file.seek(length)
            file.write(SEAL + digest.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        _sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, BytesIO(content))


def check_seal(path: Path) -> None:
    """Read every byte of the backup at `path`. Raises Problem if it is not there, cut off or changed."""
    try:
        with open(path, "rb") as file:
            length = path.stat().st_size - SEAL_BYTES
            file.seek(max(length, 0))
            seal = file.read()
            if length < 0 or not seal.startswith(SEAL):
                raise Problem(_("%(file)s is no backup of Voronka, or only the beginning of one."), file=path)
            file.seek(0)
            if seal != SEAL + _digest(file, length).encode() + b"\n":
                raise Problem(
                    _("%(file)s is damaged: its content is not what was written. Take another backup."),
                    file=path,
                )
    except OSError as refusal:
        raise Problem(
            _("%(file)s cannot be read: %(reason)s."), file=path, reason=refusal.strerror
        ) from refusal


def read_manifest(path: Path) -> Manifest:
    """Return the manifest of the sealed backup at `path`. Raises Problem."""
    with opened(path) as tar:
        return Manifest.from_bytes(_member(tar, MANIFEST).read())


@contextmanager
def opened(path: Path) -> Iterator[tarfile.TarFile]:
    """The tar of a backup whose seal was checked. Raises Problem."""
    try:
        with tarfile.open(path) as tar:
            yield tar
    except tarfile.TarError as mistake:
        raise Problem(
            _("%(file)s is no backup of Voronka, or only the beginning of one."), file=path
        ) from mistake


def _member(tar: tarfile.TarFile, name: str):
    try:
        found = tar.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise Problem(_("The backup lacks its part %(part)s."), part=name)
    return found


def take_out(tar: tarfile.TarFile, folder: Path) -> int:
    """Write the uploaded files of the backup into `folder`, and return how many they are."""
    members = [member for member in tar if member.name.startswith(f"{FILES}/")]
    tar.extractall(folder, members=members, filter="data")
    return sum(member.isfile() for member in members)


def copy_dump(tar: tarfile.TarFile, target: Path) -> None:
    """Write the base's dump of the backup to the file `target`."""
    with _member(tar, DUMP) as source, open(target, "wb") as copy:
        while part := source.read(READ_BYTES):
            copy.write(part)


def _digest(file, length: int) -> str:
    digest = hashlib.sha256()
    while length > 0 and (part := file.read(min(READ_BYTES, length))):
        digest.update(part)
        length -= len(part)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """The name of a file is on disk when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
