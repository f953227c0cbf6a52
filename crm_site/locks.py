"""Who holds a data folder: a lock that the kernel lets go of when its holder dies."""

import errno
import fcntl
import json
import os
from pathlib import Path

from crm_site.problems import Problem, disk_is_full
from crm_site.problems import gettext_noop as _


class FolderInUse(Problem):
    """Another process holds the data folder; `holder` is what it wrote about itself."""

    def __init__(self, sentence, holder, **details):
        super().__init__(sentence, **details)
        self.holder = holder


class FolderLock:
    """An exclusive lock on the file `lock` of a data folder, with the holder's pid and address in it."""

    def __init__(self, folder: Path):
        self.path = folder / "lock"
        self._file = -1
        self.was_left = False  # whether the last holder was killed before it could let go

    def take(self) -> None:
        """Make the folder if needed and lock it. Raises Problem (not writable) or FolderInUse."""
        folder = self.path.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as refusal:
            if refusal.errno == errno.ENOSPC:
                raise disk_is_full(folder) from refusal
            raise Problem(
                _(
                    "The data folder %(folder)s cannot be written (%(reason)s):"
                    " make it writable or choose another one with CRM_DATA_DIR."
                ),
                folder=folder,
                reason=refusal.strerror,
            ) from refusal
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            holder = self.holder()
            os.close(file)
            if holder.get("address"):
                raise FolderInUse(
                    _("Voronka is running already on %(folder)s: %(address)s (process %(pid)s)."),
                    holder,
                    folder=folder,
                    address=holder["address"],
                    pid=holder.get("pid", "?"),
                ) from taken
            raise FolderInUse(
                _("The data folder %(folder)s is in use by process %(pid)s: wait for it to end, or end it."),
                holder,
                folder=folder,
                pid=holder.get("pid", "?"),
            ) from taken
        self._file = file
        self.was_left = bool(self.holder())
        self.tell()

    def tell(self, **about) -> None:
        """Write who holds the folder, for whoever finds it locked."""
        text = json.dumps({"pid": os.getpid(), **about}).encode()
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text, 0)

    def holder(self) -> dict:
        """What the present holder, or the last one, wrote about itself."""
        try:
            return json.loads(self.path.read_text() or "{}")
        except (OSError, ValueError):
            return {}

    def release(self) -> None:
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = -1
